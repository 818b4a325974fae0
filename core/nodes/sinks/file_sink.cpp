#include "core/base/time_text.h"
#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/nodes/sinks/line_file.h"
#include "core/nodes/sinks/line_template.h"
#include "core/record/dead_letter.h"
#include "core/record/record_text.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace streamwright {
namespace {

constexpr std::string_view kDatePlaceholder = "{date}";
constexpr std::uint64_t kBytesPerMb = 1024 * 1024;

enum class FileSinkFormat : std::uint8_t { JsonLines, Text };
enum class FileSinkMode : std::uint8_t { Append, New };
enum class FileSinkSync : std::uint8_t { Commit, Never };

struct FileSinkConfig {
    std::string path;
    FileSinkFormat format = FileSinkFormat::JsonLines;
    std::string lineTemplate = "{value}";
    std::int64_t rotateMb = 256;
    FileSinkMode mode = FileSinkMode::Append;
    FileSinkSync sync = FileSinkSync::Commit;
};

TypedSpec<FileSinkConfig> fileSinkSpec()
{
    return SpecBuilder<FileSinkConfig>::sink("file_sink", "Output file")
        .since("0.1")
        .summary("Appends a line for each record to a file.")
        .description(
            "`json_lines` writes the value; behind an `error` port it writes why the record failed and the "
            "record as it "
            "was consumed, and a file that it makes can be read by its owner only.\n\n"
            "A template may hold `{value}`, `{value.a.b}`, `{key}`, `{headers.NAME}`, `{timestamp}`, "
            "`{topic}`, "
            "`{partition}`, `{offset}` and `{error.message}`, `.code`, `.detail`, `.node`, `.stage`; `{{` is "
            "a brace. "
            "Line ends inside a value are written as `\\n`, so that a record stays one line.\n\n"
            "A full file becomes FILE.1, FILE.2, … (the greatest is the newest); none is ever removed.")
        .input("in")
        .add(field(&FileSinkConfig::path, "path", "File")
                 .doc("Relative to the document's folder or to --data-dir; {date} is the day (UTC).")
                 .editor(Editor::FilePath)
                 .recommend("files")
                 .required())
        .add(field(&FileSinkConfig::format, "format", "Format")
                 .doc("What a line holds.")
                 .options({{FileSinkFormat::JsonLines, "json_lines", "JSON in each line"},
                           {FileSinkFormat::Text, "text", "Text by a template"}}))
        .add(field(&FileSinkConfig::lineTemplate, "template", "Template")
                 .doc("The line, for example `Error: {error.message}, message: {value}`.")
                 .visibleWhen("format", {"text"}))
        .add(field(&FileSinkConfig::rotateMb, "rotate_mb", "New file at")
                 .doc("Size at which a new file is begun; 0 = never.")
                 .unit("MiB")
                 .minimum(0)
                 .advanced())
        .add(field(&FileSinkConfig::mode, "mode", "At the start")
                 .doc("What to do with a file that is there.")
                 .options({{FileSinkMode::Append, "append", "Append to it"},
                           {FileSinkMode::New, "new", "Put it aside and begin a new one"}}))
        .add(field(&FileSinkConfig::sync, "fsync", "Make durable")
                 .doc("When the file is forced to the disk.")
                 .advanced()
                 .options({{FileSinkSync::Commit, "commit", "Before each commit of offsets"},
                           {FileSinkSync::Never, "never", "When the system sees fit"}}))
        .example("Dead letters", R"({"path": "dlq.jsonl", "format": "json_lines"})")
        .example("Dead letters as text",
                 R"({"path": "dlq.txt", "format": "text", "template": "{error.message}: {value}"})")
        .build();
}

Diagnostics lintFileSink(const FileSinkConfig& config, const LintContext&)
{
    Diagnostics found;
    if (config.path.empty()) {
        found.push_back(fieldProblem("path", "missing_field", "Name the file to write."));
    }
    if (config.format == FileSinkFormat::Text) {
        std::string problem;
        static_cast<void>(LineTemplate::parse(config.lineTemplate, problem));
        if (!problem.empty()) {
            found.push_back(fieldProblem("template", "invalid_template", problem));
        }
    }
    return found;
}

/// Thread: any; the lock is held for the writing of a batch.
class FileSink final : public Sink {
public:
    FileSink(const FileSinkConfig& config, const MakeContext& context, LineTemplate lineTemplate)
        : m_config(config), m_pattern((context.dataDir / config.path).string()),
          m_pipeline(context.pipelineName), m_clock(*context.clock), m_template(std::move(lineTemplate)),
          m_file({.privateToUser = context.behindErrorPort,
                  .rotateBytes = static_cast<std::uint64_t>(config.rotateMb) * kBytesPerMb})
    {
    }

    Result<void> open() override
    {
        const std::scoped_lock lock(m_mutex);
        const std::filesystem::path file = pathNow();
        if (m_config.mode == FileSinkMode::New) {
            if (const auto aside = LineFile::putAside(file); !aside) {
                return aside;
            }
        }
        return m_file.open(file);
    }

    Result<void> write(const Batch& batch) override
    {
        const std::scoped_lock lock(m_mutex);
        m_lines.clear();
        const std::int64_t now = m_clock.wallMs();
        for (const RecordIndex index : batch.selection()) {
            appendLine(batch.record(index), batch.arena(), now);
        }
        if (const std::filesystem::path file = pathNow(); file != m_file.path()) {
            if (const auto turned = turnTo(file); !turned) {
                return turned;
            }
        }
        return m_file.append(m_lines);
    }

    Result<void> flush() override
    {
        if (m_config.sync == FileSinkSync::Never) {
            return {};
        }
        const std::scoped_lock lock(m_mutex);
        return m_file.sync();
    }

private:
    void appendLine(const Record& record, Arena& arena, std::int64_t nowMs)
    {
        if (m_config.format == FileSinkFormat::Text) {
            m_template.append(m_lines, record, arena);
        } else if (record.error != nullptr) {
            appendDeadLetterLine(m_lines, record, m_pipeline, nowMs);
        } else {
            appendValueLine(m_lines, record.value);
        }
    }

    /// The path with its date.
    [[nodiscard]] std::filesystem::path pathNow() const
    {
        std::string path = m_pattern;
        for (std::size_t at = path.find(kDatePlaceholder); at != std::string::npos;
             at = path.find(kDatePlaceholder, at)) {
            path.replace(at, kDatePlaceholder.size(), formatUtcDate(m_clock.wallMs()));
        }
        return path;
    }

    [[nodiscard]] Result<void> turnTo(const std::filesystem::path& file)
    {
        if (const auto synced = m_file.sync(); !synced) {
            return synced;
        }
        return m_file.open(file);
    }

    FileSinkConfig m_config;
    std::string m_pattern;
    std::string m_pipeline;
    const Clock& m_clock;
    LineTemplate m_template;
    std::mutex m_mutex;
    LineFile m_file;
    std::string m_lines;
};

Result<std::unique_ptr<Sink>> makeFileSink(const FileSinkConfig& config, MakeContext& context)
{
    std::string problem;
    LineTemplate lineTemplate = LineTemplate::parse(config.lineTemplate, problem);
    if (!problem.empty()) {
        return Error{Errc::InvalidArgument, problem};
    }
    return std::make_unique<FileSink>(config, context, std::move(lineTemplate));
}

} // namespace

NodeType fileSinkNodeType()
{
    return makeNodeType<FileSinkConfig>(fileSinkSpec(), lintFileSink, makeFileSink);
}

} // namespace streamwright
