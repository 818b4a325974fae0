#include "core/base/base64.h"
#include "core/cel/evaluation.h"
#include "core/cel/pattern.h"
#include "core/cel/value_json.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>

namespace streamwright::cel {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

Value uuid(const Call& call)
{
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        return call.evaluation.fail(call.node, "The system has no random numbers");
    }
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x40U); // RFC 9562: version 4
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U); // and its variant
    std::array<char, 36> text{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            text[at++] = '-';
        }
        text[at++] = kHex[bytes[i] >> 4U];
        text[at++] = kHex[bytes[i] & 0xFU];
    }
    return call.evaluation.copyString({text.data(), text.size()});
}

Value parseJson(const Call& call)
{
    Evaluation& evaluation = call.evaluation;
    if (!evaluation.budget().take(call.text(0).size() / 16)) {
        return evaluation.exhausted(call.node);
    }
    JsonIndexer indexer;
    JsonError error;
    const JsonValue* const value = indexer.index(call.text(0), evaluation.arena(), error);
    if (value == nullptr) {
        return evaluation.fail(call.node, Phrase() << "The text is not JSON: " << error.reason << " at byte "
                                                   << static_cast<std::int64_t>(error.offset));
    }
    return fromJson(value, evaluation.arena());
}

Value toJson(const Call& call)
{
    Evaluation& evaluation = call.evaluation;
    const std::optional<JsonNode> node = toJsonNode(call[0], evaluation.arena(), evaluation.budget());
    if (!node) {
        return evaluation.fail(call.node, "The value has no JSON form (NaN or infinite)");
    }
    return Value::string(node->text);
}

Value encode(const Call& call)
{
    if (!call.evaluation.budget().take(call.text(0).size() / 32)) {
        return call.evaluation.exhausted(call.node);
    }
    std::string text;
    appendBase64(text, call.text(0));
    return call.evaluation.copyString(text);
}

Value decode(const Call& call)
{
    if (!call.evaluation.budget().take(call.text(0).size() / 32)) {
        return call.evaluation.exhausted(call.node);
    }
    const std::optional<std::string> data = decodeBase64(call.text(0));
    if (!data) {
        Phrase what;
        what << "Text ";
        return call.evaluation.fail(call.node, what.quote(call.text(0)) << " is not base64");
    }
    return Value::bytes(call.evaluation.arena().copy(*data));
}

Value sha256(const Call& call)
{
    if (!call.evaluation.budget().take(1 + call.text(0).size() / 16)) {
        return call.evaluation.exhausted(call.node);
    }
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(call.text(0).data()), call.text(0).size(), digest.data());
    std::array<char, 2 * SHA256_DIGEST_LENGTH> text{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
        text[2 * i] = kHex[digest[i] >> 4U];
        text[2 * i + 1] = kHex[digest[i] & 0xFU];
    }
    return call.evaluation.copyString({text.data(), text.size()});
}

Value extract(const Call& call)
{
    const Pattern pattern(call, 1);
    if (pattern.failed()) {
        return pattern.failure();
    }
    const std::string_view text = call.text(0);
    (void)call.evaluation.budget().take(text.size() / 16);
    std::array<re2::StringPiece, 2> groups;
    const int count = pattern.expression().NumberOfCapturingGroups() > 0 ? 2 : 1;
    if (!pattern.expression().Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                                    RE2::UNANCHORED, groups.data(), count)) {
        return Value::null();
    }
    const re2::StringPiece& found = groups[static_cast<std::size_t>(count - 1)];
    // A group that took no part in the match has no text.
    return found.data() == nullptr ? Value::null() : Value::string({found.data(), found.size()});
}

Value optionalOf(const Call& call)
{
    return Value::optional(call.evaluation.arena().make<Value>(call[0]));
}

Value optionalNone(const Call&)
{
    return Value::optional(nullptr);
}

Value optionalOfNonZero(const Call& call)
{
    const Value& value = call[0];
    bool zero = false;
    switch (value.kind) {
    case Kind::Null: zero = true; break;
    case Kind::Bool:
    case Kind::Int:
    case Kind::Uint:
    case Kind::Duration: zero = value.integer == 0; break;
    case Kind::Double: zero = value.real() == 0; break;
    case Kind::String:
    case Kind::Bytes: zero = value.size == 0; break;
    case Kind::List:
    case Kind::Map: zero = sizeOf(value, call.evaluation.arena(), call.evaluation.budget()) == 0; break;
    default: break;
    }
    return zero ? Value::optional(nullptr) : optionalOf(call);
}

Value hasValue(const Call& call)
{
    return Value::boolean(call[0].items != nullptr);
}

Value valueOfOptional(const Call& call)
{
    return call[0].items != nullptr ? *call[0].items
                                    : call.evaluation.fail(call.node, "The optional has no value");
}

/// Second argument of or and orValue: only reached where the first has no value.
Value alternative(const Call& call)
{
    return call[1];
}

using enum Kind;

constexpr Overload own(std::string_view name, Style style, std::array<Kind, kMaxParameters> parameters,
                       std::uint8_t count, Kind result, Implementation run, std::string_view doc,
                       std::string_view example = {}, std::string_view answer = {})
{
    return {.name = name,
            .style = style,
            .parameters = parameters,
            .count = count,
            .result = result,
            .run = run,
            .extension = true,
            .doc = doc,
            .example = example,
            .answer = answer};
}

constexpr Overload impure(Overload overload)
{
    overload.pure = false;
    return overload;
}

constexpr std::string_view kEncode = "Bytes, or the bytes of a text, as base64.";
constexpr std::string_view kSha = "SHA-256 of bytes, or of the bytes of a text, in hexadecimal.";

constexpr std::array kFunctions{
    impure(own("uuid", Style::Global, {}, 0, String, uuid, "A new random UUID.", "size(uuid())", "36")),
    own("parseJson", Style::Global, {String}, 1, Dyn, parseJson, "The value of a JSON text.",
        "parseJson(\"{\\\"a\\\": [1, 2]}\").a[1]", "2"),
    own("toJson", Style::Global, {Dyn}, 1, String, toJson, "The value as JSON text.",
        "toJson({\"a\": [1, 2.5, null]})", "\"{\\\"a\\\":[1,2.5,null]}\""),
    own("base64.encode", Style::Global, {Bytes}, 1, String, encode, kEncode, "base64.encode(b\"hello\")",
        "\"aGVsbG8=\""),
    own("base64.encode", Style::Global, {String}, 1, String, encode, kEncode),
    own("base64.decode", Style::Global, {String}, 1, Bytes, decode, "The bytes of a base64 text.",
        "string(base64.decode(\"aGVsbG8=\"))", "\"hello\""),
    own("sha256", Style::Global, {String}, 1, String, sha256, kSha, "sha256(\"abc\").substring(0, 8)",
        "\"ba7816bf\""),
    own("sha256", Style::Global, {Bytes}, 1, String, sha256, kSha),
    own("regex.extract", Style::Global, {String, String}, 2, Dyn, extract,
        "What the pattern's first group matched (without a group, all of the match); null without a match.",
        "regex.extract(\"order-17\", \"order-([0-9]+)\")", "\"17\""),
    own("optional.of", Style::Global, {Dyn}, 1, Optional, optionalOf, "An optional value that is there.",
        "optional.of(5).hasValue()", "true"),
    own("optional.none", Style::Global, {}, 0, Optional, optionalNone, "An optional value that is not there.",
        "optional.none().orValue(\"none\")", "\"none\""),
    own("optional.ofNonZeroValue", Style::Global, {Dyn}, 1, Optional, optionalOfNonZero,
        "As optional.of; nothing for null, false, 0, \"\", [] and {}.",
        "optional.ofNonZeroValue(\"\").hasValue()", "false"),
    own("hasValue", Style::Member, {Optional}, 1, Bool, hasValue, "Is the value there.",
        "{\"a\": 1}.?b.hasValue()", "false"),
    own("value", Style::Member, {Optional}, 1, Dyn, valueOfOptional,
        "The value; an error where it is not there.", "{\"a\": 1}.?a.value()", "1"),
    own("or", Style::Member, {Optional, Optional}, 2, Optional, alternative,
        "This optional value, or the other one where this is not there.",
        "{\"b\": 2}.?a.or({\"b\": 2}.?b).orValue(0)", "2"),
    own("orValue", Style::Member, {Optional, Dyn}, 2, Dyn, alternative,
        "The value, or the other one where it is not there.", "{\"a\": 1}.?b.?c.orValue(\"none\")",
        "\"none\""),
};

} // namespace

std::span<const Overload> extraFunctions()
{
    return kFunctions;
}

} // namespace streamwright::cel
