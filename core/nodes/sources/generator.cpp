#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/nodes/sources/record_template.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <utility>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};
constexpr double kNsPerSecond = 1e9;
constexpr std::int64_t kOneSecondNs = 1'000'000'000;

struct GeneratorConfig {
    double perSecond = 1;
    std::int64_t count = 0;
    Json recordTemplate = Json::object({{"seq", "{{seq}}"}});
    std::string key;
    std::int64_t seed = 0;
};

TypedSpec<GeneratorConfig> generatorSpec()
{
    return SpecBuilder<GeneratorConfig>::source("generator", "Generator")
        .since("0.1")
        .summary("Makes records out of a template.")
        .description("Texts of the template may hold `{{seq}}` (0, 1, 2, …), `{{uuid}}`, `{{now}}` (RFC "
                     "3339), `{{int 1 97}}` "
                     "(a number from 1 to 97) and `{{pick \"a\" \"b\"}}` (one of these). A text that is "
                     "nothing but `{{seq}}`, "
                     "`{{int 1 97}}` or `{{pick 1 2 3}}` becomes a number.")
        .output(kOut, "The records that were made.")
        .add(field(&GeneratorConfig::perSecond, "per_second", "Rate")
                 .doc("Records made in a second; 0 = as fast as they are taken.")
                 .unit("records/s")
                 .minimum(0))
        .add(field(&GeneratorConfig::count, "count", "Count")
                 .doc("Records to make before the flow ends; 0 = no end.")
                 .unit("records")
                 .minimum(0))
        .add(field(&GeneratorConfig::recordTemplate, "template", "Template")
                 .doc("The value of each record: JSON whose texts may hold placeholders.")
                 .editor(Editor::JsonText))
        .add(field(&GeneratorConfig::key, "key", "Key")
                 .doc("The key of each record, with placeholders; left empty: no key."))
        .add(field(&GeneratorConfig::seed, "seed", "Seed")
                 .doc("The same seed makes the same records again; 0 = others each time.")
                 .advanced())
        .example("Ten purchase requests", R"({"per_second": 5, "count": 10, "key": "k{{seq}}",
            "template": {"id": "{{seq}}", "content": "{{pick \"Desk lamp\" \"Office chair\"}} {{int 1 97}}"}})")
        .build();
}

Diagnostics lintGenerator(const GeneratorConfig& config, const LintContext&)
{
    Diagnostics found;
    std::string problem;
    static_cast<void>(RecordTemplate::parse(config.recordTemplate, problem));
    if (!problem.empty()) {
        found.push_back(fieldProblem("template", "invalid_template", problem));
    }
    problem.clear();
    static_cast<void>(TextTemplate::parse(config.key, problem));
    if (!problem.empty()) {
        found.push_back(fieldProblem("key", "invalid_template", problem));
    }
    return found;
}

/// Position: how many were made; empty once all were, so that the next run makes them anew.
/// Thread: its flow's.
class GeneratorSource final : public Source {
public:
    GeneratorSource(const GeneratorConfig& config, RecordTemplate record, TextTemplate key)
        : m_config(config), m_record(std::move(record)), m_key(std::move(key)),
          m_seed(config.seed != 0 ? static_cast<std::uint64_t>(config.seed) : std::random_device{}())
    {
    }

    Result<void> open(OperatorContext& context, std::optional<std::string_view> position) override
    {
        m_context = &context;
        m_startedAtNs = context.clock().monotonicNs();
        if (position && !position->empty()) {
            const Json state = Json::parse(*position, nullptr, false);
            if (!state.is_object() || !state.contains("seq") || !state["seq"].is_number_integer()) {
                return Error{Errc::LostState,
                             "The kept position of the generator cannot be read: " + std::string(*position)};
            }
            m_seq = state["seq"].get<std::int64_t>();
        }
        return {};
    }

    Result<Poll> poll(Arena& arena, std::size_t maxRecords, std::vector<Origin>& out) override
    {
        if (finished()) {
            return Poll{.state = State::Finished};
        }
        const std::int64_t now = m_context->clock().monotonicNs();
        std::int64_t wanted = std::min<std::int64_t>(due(now), static_cast<std::int64_t>(maxRecords));
        if (m_config.count > 0) {
            wanted = std::min(wanted, m_config.count - m_seq);
        }
        if (wanted <= 0) {
            return Poll{.state = State::Idle, .nextPollNs = nextDueNs()};
        }
        for (std::int64_t i = 0; i < wanted; ++i) {
            out.push_back(make(arena));
        }
        return Poll{.state = State::Records, .records = static_cast<std::size_t>(wanted)};
    }

    ValueFormat format() const override { return ValueFormat::Json; }
    std::string position() const override { return finished() ? "" : Json{{"seq", m_seq}}.dump(); }
    bool endless() const override { return m_config.count == 0; }

private:
    [[nodiscard]] bool finished() const { return m_config.count > 0 && m_seq >= m_config.count; }

    /// How many are due; a pause of more than a second is not made up for.
    [[nodiscard]] std::int64_t due(std::int64_t nowNs)
    {
        if (m_config.perSecond <= 0) {
            return std::numeric_limits<std::int64_t>::max();
        }
        const auto soFar = [&] {
            return static_cast<std::int64_t>(static_cast<double>(nowNs - m_startedAtNs) * m_config.perSecond /
                                             kNsPerSecond) +
                   1;
        };
        const auto most = static_cast<std::int64_t>(m_config.perSecond) + 1;
        if (soFar() - m_made > most) {
            m_startedAtNs = nowNs - kOneSecondNs;
            m_made = 0;
        }
        return soFar() - m_made;
    }
    [[nodiscard]] std::int64_t nextDueNs() const
    {
        return m_startedAtNs +
               static_cast<std::int64_t>(static_cast<double>(m_made) * kNsPerSecond / m_config.perSecond) + 1;
    }

    [[nodiscard]] Origin make(Arena& arena)
    {
        // Each record has a generator of its own, so that a restart in the middle makes the same ones.
        TemplateRandom random(TemplateRandom(m_seed + static_cast<std::uint64_t>(m_seq)).next());
        const TemplateInput input{m_seq, m_context->clock().wallMs(), random};
        m_text.clear();
        m_record.append(m_text, input);
        Origin origin;
        origin.topic = m_context->nodeId();
        origin.partition = 0;
        origin.offset = m_seq;
        origin.value = arena.copy(m_text);
        origin.timestampMs = input.nowMs;
        origin.timestampType = TimestampType::Create;
        origin.format = ValueFormat::Json;
        if (!m_config.key.empty()) {
            m_text.clear();
            m_key.append(m_text, input);
            origin.key = arena.copy(m_text);
        }
        ++m_seq;
        ++m_made;
        return origin;
    }

    GeneratorConfig m_config;
    RecordTemplate m_record;
    TextTemplate m_key;
    std::uint64_t m_seed;
    OperatorContext* m_context = nullptr;
    std::int64_t m_seq = 0;
    std::int64_t m_made = 0; ///< since m_startedAtNs
    std::int64_t m_startedAtNs = 0;
    std::string m_text;
};

Result<std::unique_ptr<Source>> makeGenerator(const GeneratorConfig& config, MakeContext&)
{
    std::string problem;
    RecordTemplate record = RecordTemplate::parse(config.recordTemplate, problem);
    TextTemplate key = TextTemplate::parse(config.key, problem);
    if (!problem.empty()) {
        return Error{Errc::InvalidArgument, problem};
    }
    return std::make_unique<GeneratorSource>(config, std::move(record), std::move(key));
}

} // namespace

NodeType generatorNodeType()
{
    return makeNodeType<GeneratorConfig>(generatorSpec(), lintGenerator, makeGenerator);
}

} // namespace streamwright
