// Bytes -> a pipeline document: loading and compiling never crash, what is saved is stable.
#include "tests/fuzz/document_fuzz.h"

#include "core/base/assert.h"
#include "core/base/utf8.h"
#include "core/nodes/builtin.h"
#include "core/pipeline/document.h"
#include "core/topology/compile.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace streamwright {

void checkDocument(std::string_view text)
{
    const LoadedDocument loaded = parseDocument(text);
    SW_ASSERT(loaded.readable || hasErrors(loaded.diagnostics), "a text that is not JSON has an error");
    // The oracle takes everything that we take; it is laxer about what follows a NUL and a byte order mark.
    SW_ASSERT(!loaded.readable || Json::accept(text), "we take what the oracle refuses");

    const std::string saved = saveText(loaded.pipeline);
    const LoadedDocument again = parseDocument(saved);
    SW_ASSERT(again.readable, "what was saved is JSON");
    SW_ASSERT(saveText(again.pipeline) == saved, "what was saved is canonical");

    const Compiled compiled = compile(loaded.pipeline, builtinNodes());
    SW_ASSERT((compiled.topology == nullptr) == hasErrors(compiled.diagnostics), "errors, or a plan");
    for (const Diagnostic& diagnostic : allDiagnostics(loaded, compiled.diagnostics)) {
        SW_ASSERT(!diagnostic.code.empty() && !diagnostic.message.empty(),
                  "a diagnostic says what it is about");
    }
}

} // namespace streamwright

#ifdef SW_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    // A copy of the exact size: a read beyond it is seen.
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    streamwright::checkDocument(text);
    return 0;
}
#endif
