#include "core/base/time_text.h"
#include "core/base/utf8.h"
#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/record/dead_letter.h"
#include "core/record/record_line.h"
#include "core/record/record_text.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

namespace streamwright {
namespace {

constexpr std::int64_t kOneSecondNs = 1'000'000'000;
constexpr std::size_t kTableKeyBytes = 24;
constexpr std::size_t kTableValueBytes = 160;
/// A heading is printed again after so many rows.
constexpr std::uint64_t kRowsPerHeading = 40;

enum class ConsoleFormat : std::uint8_t { Json, Table };

struct ConsoleSinkConfig {
    ConsoleFormat format = ConsoleFormat::Json;
    std::int64_t maxPerSecond = 0;
};

TypedSpec<ConsoleSinkConfig> consoleSinkSpec()
{
    return SpecBuilder<ConsoleSinkConfig>::sink("console_sink", "Print")
        .since("0.1")
        .summary("Prints records to the terminal.")
        .description("`json` prints each record as `streamwright peek --format json` does, and as a dead "
                     "letter behind an "
                     "`error` port; `table` prints a row for each. Both go to standard output.")
        .input("in")
        .add(field(&ConsoleSinkConfig::format, "format", "Format")
                 .doc("How a record is shown.")
                 .options({{ConsoleFormat::Json, "json", "A JSON object in each line"},
                           {ConsoleFormat::Table, "table", "Rows of a table"}}))
        .add(field(&ConsoleSinkConfig::maxPerSecond, "max_per_second", "At most")
                 .doc("Records shown in a second; the others pass unseen and are counted. 0 = all.")
                 .unit("records/s")
                 .minimum(0))
        .example("Ten a second, as a table", R"({"format": "table", "max_per_second": 10})")
        .build();
}

Diagnostics lintConsoleSink(const ConsoleSinkConfig&, const LintContext&)
{
    return {};
}

/// `text` cut or filled to `columns` characters.
std::string cell(std::string_view text, std::size_t columns)
{
    std::string shown(text);
    if (countCodePoints(shown) > columns) {
        while (countCodePoints(shown) >= columns) {
            shown = cutUtf8(shown, shown.size() - 1);
        }
        shown += "…";
    }
    const std::size_t width = countCodePoints(shown);
    return shown.append(columns > width ? columns - width : 0, ' ');
}

/// Thread: any; the lock is held for the printing of a batch.
class ConsoleSink final : public Sink {
public:
    ConsoleSink(const ConsoleSinkConfig& config, const MakeContext& context)
        : m_config(config), m_pipeline(context.pipelineName), m_clock(*context.clock)
    {
    }

    Result<void> write(const Batch& batch) override
    {
        const std::scoped_lock lock(m_mutex);
        m_text.clear();
        for (const RecordIndex index : batch.selection()) {
            if (mayShow()) {
                show(batch.record(index));
            }
        }
        return print();
    }

    Result<void> flush() override { return {}; }

private:
    [[nodiscard]] bool mayShow()
    {
        if (m_config.maxPerSecond == 0) {
            return true;
        }
        const std::int64_t now = m_clock.monotonicNs();
        if (m_shownInSecond < 0 || now - m_secondBeganNs >= kOneSecondNs) {
            if (m_hidden > 0) {
                m_text += "… " + std::to_string(m_hidden) + " more not shown\n";
            }
            m_secondBeganNs = now;
            m_shownInSecond = 0;
            m_hidden = 0;
        }
        const bool shown = m_shownInSecond < m_config.maxPerSecond;
        ++(shown ? m_shownInSecond : m_hidden);
        return shown;
    }

    void show(const Record& record)
    {
        if (m_config.format == ConsoleFormat::Table) {
            showRow(record);
        } else if (record.error != nullptr) {
            appendDeadLetterLine(m_text, record, m_pipeline, m_clock.wallMs());
        } else {
            appendRecordLine(m_text, record);
        }
    }

    void showRow(const Record& record)
    {
        if (m_rows++ % kRowsPerHeading == 0) {
            m_text += "TIME          PART      OFFSET  KEY                       VALUE\n";
        }
        std::array<char, 32> place{};
        std::snprintf(place.data(), place.size(), "  %4d %11lld  ",
                      static_cast<int>(record.origin->partition),
                      static_cast<long long>(record.origin->offset));
        constexpr std::size_t kTimeStart = 11;
        constexpr std::size_t kTimeLength = 12;
        m_text += record.timestampMs < 0 ? std::string(kTimeLength, ' ')
                                         : formatUtc(record.timestampMs).substr(kTimeStart, kTimeLength);
        m_text += place.data();
        m_text += cell(printable(record.key), kTableKeyBytes);
        m_text += "  ";
        std::string value;
        appendValueLine(value, record.value);
        value.pop_back();
        if (record.error != nullptr) {
            value = std::string(toString(record.error->code)) + ": " + std::string(record.error->message) +
                    "  " + value;
        }
        if (value.size() > kTableValueBytes) {
            value = std::string(cutUtf8(value, kTableValueBytes)) + "…";
        }
        m_text += value + '\n';
    }

    [[nodiscard]] static std::string printable(NullableBytes bytes)
    {
        std::string text;
        appendValueLine(text, {.format = ValueFormat::Text, .bytes = bytes});
        text.pop_back();
        const bool isString = text.size() >= 2 && text.front() == '"';
        return isString ? text.substr(1, text.size() - 2) : text;
    }

    [[nodiscard]] Result<void> print()
    {
        std::string_view rest = m_text;
        while (!rest.empty()) {
            const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written < 0) {
                return Error{Errc::Io, "Standard output cannot be written: " +
                                           std::generic_category().message(errno) + '.'};
            }
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }

    ConsoleSinkConfig m_config;
    std::string m_pipeline;
    const Clock& m_clock;
    std::mutex m_mutex;
    std::string m_text;
    std::uint64_t m_rows = 0;
    std::int64_t m_secondBeganNs = 0;
    std::int64_t m_shownInSecond = -1; ///< -1: nothing yet
    std::int64_t m_hidden = 0;
};

Result<std::unique_ptr<Sink>> makeConsoleSink(const ConsoleSinkConfig& config, MakeContext& context)
{
    return std::make_unique<ConsoleSink>(config, context);
}

} // namespace

NodeType consoleSinkNodeType()
{
    return makeNodeType<ConsoleSinkConfig>(consoleSinkSpec(), lintConsoleSink, makeConsoleSink);
}

} // namespace streamwright
