#include "core/cli/eval_command.h"

#include "core/base/diagnostic.h"
#include "core/cli/eval_session.h"

#include <fstream>
#include <istream>
#include <ostream>

namespace streamwright {

int runEval(const EvalOptions& options, std::istream& in, std::ostream& out, std::ostream& err)
{
    EvalSession session(options.strict, options.typed);
    for (const auto& [name, text] : options.bind) {
        if (!session.bindJson(name, text, err)) {
            return kEvalRefused;
        }
    }
    if (options.recordFile.empty()) {
        return session.evaluate(options.expression, out, err);
    }
    session.knowRecords();
    if (options.recordFile == "-") {
        return session.evaluateLines(options.expression, "stdin", in, out, err);
    }
    std::ifstream file(options.recordFile);
    if (!file) {
        err << "File " << quoted(options.recordFile) << " cannot be read. Check its name and rights.\n";
        return kEvalRefused;
    }
    return session.evaluateLines(options.expression, options.recordFile, file, out, err);
}

} // namespace streamwright
