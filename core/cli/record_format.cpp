#include "core/cli/record_format.h"

#include "core/record/record_line.h"

namespace streamwright {
namespace {

constexpr std::string_view kFields = "tpoksTh";

void appendHeaders(std::string& out, HeadersView headers)
{
    bool first = true;
    for (const Header& header : headers) {
        out += first ? "" : ",";
        first = false;
        out += header.name;
        out += '=';
        out += header.value;
    }
}

} // namespace

RecordFormat RecordFormat::parse(std::string_view text, std::string& problem)
{
    RecordFormat format;
    if (text == "json" || text == "value") {
        format.m_kind = text == "json" ? Kind::Json : Kind::Value;
        return format;
    }
    if (text.find('%') == std::string_view::npos) {
        problem = "--format takes json, value, or a text with %t %p %o %k %s %T %h, not \"" +
                  std::string(text) + "\".";
        return format;
    }
    format.m_kind = Kind::Pieces;
    std::string literal;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char next = at + 1 < text.size() ? text[at + 1] : '\0';
        if (text[at] == '\\' && (next == 'n' || next == 't' || next == '\\')) {
            literal += next == 'n' ? '\n' : next == 't' ? '\t' : '\\';
            ++at;
        } else if (text[at] == '%' && next == '%') {
            literal += '%';
            ++at;
        } else if (text[at] == '%') {
            if (next == '\0' || kFields.find(next) == std::string_view::npos) {
                problem = "\"%" + std::string(next == '\0' ? 0 : 1, next) +
                          "\" in --format is not known. There are %t %p %o %k %s %T %h and %%.";
                return format;
            }
            format.m_pieces.push_back({0, std::move(literal)});
            format.m_pieces.push_back({next, {}});
            literal.clear();
            ++at;
        } else {
            literal += text[at];
        }
    }
    format.m_pieces.push_back({0, std::move(literal)});
    return format;
}

void RecordFormat::append(std::string& out, const Record& record) const
{
    if (m_kind == Kind::Json) {
        appendRecordLine(out, record);
        return;
    }
    if (m_kind == Kind::Value) {
        out += record.value.bytes;
        out += '\n';
        return;
    }
    for (const Piece& piece : m_pieces) {
        switch (piece.field) {
        case 't': out += record.origin->topic; break;
        case 'p': out += std::to_string(record.origin->partition); break;
        case 'o': out += std::to_string(record.origin->offset); break;
        case 'k': out += record.key; break;
        case 's': out += record.value.bytes; break;
        case 'T': out += std::to_string(record.timestampMs); break;
        case 'h': appendHeaders(out, record.headers); break;
        default: out += piece.text; break;
        }
    }
    if (out.empty() || out.back() != '\n') {
        out += '\n';
    }
}

} // namespace streamwright
