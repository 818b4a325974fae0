#pragma once

#include "core/cel/code.h"
#include "core/cel/program.h"
#include "core/cel/value.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace streamwright::cel {

/// Work that one evaluation may do: parts evaluated in loops, elements and 64-byte pieces of text touched.
constexpr std::int64_t kMaxSteps = 2'000'000;

/// Text of a message, put together without allocation; what does not fit is cut.
class Phrase {
public:
    Phrase& operator<<(std::string_view text);
    Phrase& operator<<(std::int64_t number);
    /// In double quotes, cut after 80 bytes at the end of a character.
    Phrase& quote(std::string_view text);
    [[nodiscard]] std::string_view view() const { return {m_text.data(), m_size}; }

private:
    std::array<char, 512> m_text;
    std::size_t m_size = 0;
};

/// One run of a program over one record. Lives on the stack. Thread: the caller's.
class Evaluation {
public:
    Evaluation(const Code& code, const Record* record, EvalContext& context, std::int64_t steps = kMaxSteps);

    /// The value of the whole program.
    [[nodiscard]] Value run();
    [[nodiscard]] Rendered runJson();
    [[nodiscard]] Value evaluate(NodeIndex index);

    // For the functions.
    [[nodiscard]] Arena& arena() { return m_context.arena; }
    [[nodiscard]] Budget& budget() { return m_budget; }
    [[nodiscard]] std::int64_t nowMs() const;
    /// A value of kind Error: `what` with the part that failed.
    [[nodiscard]] Value fail(const Node& node, std::string_view what);
    [[nodiscard]] Value fail(const Node& node, const Phrase& what) { return fail(node, what.view()); }
    [[nodiscard]] Value exhausted(const Node& node);
    /// Memory for `size` bytes of text; nullptr once the work is used up.
    [[nodiscard]] char* reserve(std::size_t size);
    [[nodiscard]] Value copyString(std::string_view text);

private:
    [[nodiscard]] Value variable(const Node& node);
    [[nodiscard]] Value headers();
    [[nodiscard]] Value errorMap(const Node& node);
    [[nodiscard]] Value field(const Node& node);
    [[nodiscard]] bool locate(const Node& node, JsonNode& found, Value& failure);
    [[nodiscard]] Value fieldOfOther(const Node& node);
    [[nodiscard]] Value select(const Node& node);
    [[nodiscard]] Value member(const Node& node, const Value& operand, const Value& key, bool optional);
    [[nodiscard]] Value elementOf(const Node& node, const Value& list, const Value& key, bool optional);
    [[nodiscard]] Value has(const Node& node);
    [[nodiscard]] Value call(const Node& node);
    [[nodiscard]] Value list(const Node& node);
    [[nodiscard]] Value map(const Node& node);
    [[nodiscard]] Value negate(const Node& node);
    [[nodiscard]] Value binary(const Node& node);
    [[nodiscard]] Value contains(const Node& node, const Value& element, const Value& container);
    [[nodiscard]] Value logical(const Node& node);
    [[nodiscard]] Value conditional(const Node& node);
    [[nodiscard]] Value macro(const Node& node);
    [[nodiscard]] Value optionalMacro(const Node& node, const Value& operand);
    [[nodiscard]] Value quantifier(const Node& node, std::span<const Value> items);
    [[nodiscard]] Value transform(const Node& node, std::span<const Value> items);
    [[nodiscard]] std::span<const Value> rangeOf(const Node& node, const Value& range);
    [[nodiscard]] Value noOperator(const Node& node, std::string_view op, const Value& left,
                                   const Value& right);
    [[nodiscard]] Value notBool(const Node& node, std::string_view where, const Value& value);
    [[nodiscard]] Rendered json(NodeIndex index);

    const Code& m_code;
    const Record* m_record;
    EvalContext& m_context;
    Budget m_budget;
    Value* m_locals = nullptr;
};

/// Sums, differences and so on of two values that are no errors (arithmetic.cpp).
[[nodiscard]] Value arithmetic(Evaluation& evaluation, const Node& node, const Value& left,
                               const Value& right, bool strict);

} // namespace streamwright::cel
