#pragma once

namespace streamwright {

/// Reports a broken invariant on stderr and ends the process: a bug, never a user's mistake.
[[noreturn]] void assertionFailed(const char* condition, const char* reason, const char* file, int line);

} // namespace streamwright

/// Checks an invariant in every build type; `reason` says why it must hold.
#define SW_ASSERT(condition, reason)                                                                         \
    ((condition) ? void(0) : ::streamwright::assertionFailed(#condition, reason, __FILE__, __LINE__))
