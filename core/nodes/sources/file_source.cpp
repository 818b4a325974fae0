#include "core/base/diagnostic.h"
#include "core/base/log.h"
#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/nodes/sources/line_reader.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};
/// How often a followed file is looked at when nothing came.
constexpr std::int64_t kFollowIntervalNs = 200'000'000;

enum class FileSourceFormat : std::uint8_t { JsonLines, TextLines };

struct FileSourceConfig {
    std::string path;
    FileSourceFormat format = FileSourceFormat::JsonLines;
    bool follow = false;
};

TypedSpec<FileSourceConfig> fileSourceSpec()
{
    return SpecBuilder<FileSourceConfig>::source("file_source", "Input file")
        .since("0.1")
        .summary("Reads a file line by line.")
        .description(
            "Each line is a record; its offset is the number of the line, counted from 0, and empty lines "
            "are left out. "
            "Without `follow` the file is read once and the flow ends; a run that was stopped before goes on "
            "where "
            "it was.\n\n"
            "With `follow` it is read on as it grows, also when it is rotated: the rest of a file that was "
            "renamed comes "
            "first, then the new file from its beginning. A last line counts once its line end is written.")
        .output(kOut, "The lines, in their order.")
        .errorOutput("error", "Lines that are not what the format says.")
        .add(field(&FileSourceConfig::path, "path", "File")
                 .doc("Relative to the document's folder or to --data-dir.")
                 .editor(Editor::FilePath)
                 .recommend("files")
                 .required())
        .add(field(&FileSourceConfig::format, "format", "Format")
                 .doc("What a line is.")
                 .options({{FileSourceFormat::JsonLines, "json_lines", "JSON in each line"},
                           {FileSourceFormat::TextLines, "text_lines", "Text (UTF-8)"}}))
        .add(field(&FileSourceConfig::follow, "follow", "Follow")
                 .doc("Keep reading as the file grows, also when it is rotated."))
        .example("A price list", R"({"path": "prices.jsonl", "format": "json_lines"})")
        .build();
}

Diagnostics lintFileSource(const FileSourceConfig& config, const LintContext&)
{
    if (config.path.empty()) {
        return {fieldProblem("path", "missing_field", "Name the file to read.")};
    }
    return {};
}

/// Position: file (by inode), byte and number of lines; empty once a file that is not followed was read to
/// its end, so that the next run reads it again. Thread: its flow's.
class FileSource final : public Source {
public:
    FileSource(const FileSourceConfig& config, std::filesystem::path file)
        : m_config(config), m_file(std::move(file))
    {
    }

    Result<void> open(OperatorContext& context, std::optional<std::string_view> position) override
    {
        m_context = &context;
        if (position && !position->empty()) {
            return resume(*position);
        }
        return openFile(m_file, 0);
    }

    Result<Poll> poll(Arena& arena, std::size_t maxRecords, std::vector<Origin>& out) override
    {
        static_cast<void>(arena); // the lines stay in the reader's buffer until the next poll
        if (m_finished) {
            return Poll{.state = State::Finished};
        }
        if (!m_reader.isOpen()) {
            if (const auto opened = openFile(m_file, 0); !opened) {
                return opened.error();
            }
        }
        if (std::size_t taken = takeLines(maxRecords, out); taken > 0) {
            return records(taken);
        }
        while (m_reader.isOpen()) {
            const auto more = m_reader.fill();
            if (!more) {
                return more.error();
            }
            if (!*more) {
                return atEnd(out);
            }
            if (std::size_t taken = takeLines(maxRecords, out); taken > 0) {
                return records(taken);
            }
        }
        return idle();
    }

    ValueFormat format() const override
    {
        return m_config.format == FileSourceFormat::JsonLines ? ValueFormat::Json : ValueFormat::Text;
    }

    std::string position() const override
    {
        if (m_finished || !m_reader.isOpen()) {
            return {};
        }
        return Json{{"inode", m_reader.inode()}, {"byte", m_reader.offset()}, {"line", m_line}}.dump();
    }

    bool endless() const override { return m_config.follow; }

private:
    static Result<Poll> records(std::size_t count) { return Poll{.state = State::Records, .records = count}; }
    Result<Poll> idle() const
    {
        return Poll{.state = State::Idle, .nextPollNs = m_context->clock().monotonicNs() + kFollowIntervalNs};
    }

    /// A followed file may not be there yet.
    Result<void> openFile(const std::filesystem::path& file, std::int64_t offset)
    {
        auto opened = m_reader.open(file, offset);
        if (!opened && m_config.follow && opened.error().code == Errc::NotFound &&
            std::filesystem::is_directory(file.has_parent_path() ? file.parent_path() : ".")) {
            return {};
        }
        return opened;
    }

    Result<void> resume(std::string_view position)
    {
        const Json state = Json::parse(position, nullptr, false);
        const auto isNumber = [&](const char* key) {
            return state.contains(key) && state[key].is_number_integer();
        };
        if (!state.is_object() || !isNumber("inode") || !isNumber("byte") || !isNumber("line")) {
            return Error{Errc::LostState, "The kept position of file " + quoted(m_file.string()) +
                                              " cannot be read: " + std::string(position)};
        }
        const auto inode = state["inode"].get<std::uint64_t>();
        const auto byte = state["byte"].get<std::int64_t>();
        std::optional<std::filesystem::path> file = m_file;
        if (inodeOf(m_file) != inode) {
            file = m_config.follow ? findRotated(m_file, inode) : std::nullopt;
        }
        if (!file) {
            log::warn("File " + quoted(m_file.string()) +
                      " is not the one that was read before; it is read from its beginning.");
            return openFile(m_file, 0);
        }
        if (const auto opened = openFile(*file, byte); !opened || !m_reader.isOpen()) {
            return opened;
        }
        if (m_reader.size() < byte) {
            log::warn("File " + quoted(m_file.string()) + " was cut; it is read from its beginning.");
            return openFile(*file, 0);
        }
        m_line = state["line"].get<std::int64_t>();
        return {};
    }

    void add(std::string_view line, std::vector<Origin>& out)
    {
        Origin origin;
        origin.topic = m_context->nodeId();
        origin.partition = 0;
        origin.offset = m_line;
        origin.value = line;
        origin.timestampMs = m_context->clock().wallMs();
        origin.timestampType = TimestampType::Create;
        origin.format = format();
        out.push_back(origin);
    }

    std::size_t takeLines(std::size_t maxRecords, std::vector<Origin>& out)
    {
        std::size_t count = 0;
        while (count < maxRecords) {
            const auto line = m_reader.take();
            if (!line) {
                break;
            }
            if (!line->empty()) {
                add(*line, out);
                ++count;
            }
            ++m_line;
        }
        return count;
    }

    Result<Poll> atEnd(std::vector<Origin>& out)
    {
        if (m_config.follow && !m_replaced) {
            if (wasReplaced()) {
                // What was written to the old file before it was renamed may have come after our last read.
                m_replaced = true;
                return Poll{.state = State::Idle, .nextPollNs = m_context->clock().monotonicNs()};
            }
            if (m_reader.size() >= 0 && m_reader.size() < m_reader.offset()) {
                log::warn("File " + quoted(m_file.string()) + " was cut; it is read from its beginning.");
                m_line = 0;
                if (const auto opened = openFile(m_file, 0); !opened) {
                    return opened.error();
                }
            }
            return idle();
        }
        // Nothing more will be written to this one: what is left without a line end is its last line.
        const auto rest = m_reader.takeRest();
        const bool any = rest && !rest->empty();
        if (any) {
            add(*rest, out);
            ++m_line;
            return records(1); // the reader is closed or exchanged at the next poll, so that the line stays
        }
        if (!m_config.follow) {
            m_finished = true;
            return Poll{.state = State::Finished};
        }
        m_line = 0;
        m_replaced = false;
        m_reader.close();
        if (const auto opened = openFile(m_file, 0); !opened) {
            return opened.error();
        }
        return Poll{.state = State::Idle, .nextPollNs = m_context->clock().monotonicNs()};
    }

    /// Another file has this one's name now.
    [[nodiscard]] bool wasReplaced() const
    {
        const auto now = inodeOf(m_file);
        return now.has_value() && *now != m_reader.inode();
    }

    FileSourceConfig m_config;
    std::filesystem::path m_file;
    OperatorContext* m_context = nullptr;
    LineReader m_reader;
    std::int64_t m_line = 0;
    bool m_finished = false;
    bool m_replaced = false; ///< the file was renamed; its rest is being read
};

Result<std::unique_ptr<Source>> makeFileSource(const FileSourceConfig& config, MakeContext& context)
{
    return std::make_unique<FileSource>(config, context.dataDir / config.path);
}

} // namespace

NodeType fileSourceNodeType()
{
    return makeNodeType<FileSourceConfig>(fileSourceSpec(), lintFileSource, makeFileSource);
}

} // namespace streamwright
