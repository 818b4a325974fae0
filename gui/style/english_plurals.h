#pragma once

namespace streamwright {

/// Writes "1 node" and "3 nodes" for source texts such as "%Ln node(s)", so that English needs no translation
/// file. A translator installed later goes before it. Once per application.
void installEnglishPlurals();

} // namespace streamwright
