#include "core/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace streamwright {

void assertionFailed(const char* condition, const char* reason, const char* file, int line)
{
    std::fprintf(stderr, "streamwright: bug at %s:%d: %s (%s)\n", file, line, reason, condition);
    std::abort();
}

} // namespace streamwright
