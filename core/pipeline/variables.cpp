#include "core/pipeline/variables.h"

#include "core/base/diagnostic.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace streamwright {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kSecretPrefix = "secret:";

bool isName(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.';
    });
}

std::optional<std::string> lookUp(const Values& values, std::string_view name)
{
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> environment(std::string_view name)
{
    const char* const value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::optional<std::string> readWhole(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return std::nullopt;
    }
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// Lines `NAME=value`. A message names the line, never what stands in it.
Result<void> readValues(const std::filesystem::path& file, Values& values)
{
    std::error_code problem;
    if (!std::filesystem::exists(file, problem)) {
        return Error{Errc::NotFound, "File " + quoted(file.string()) + " does not exist."};
    }
    const std::optional<std::string> text = readWhole(file);
    if (!text || std::filesystem::is_directory(file, problem)) {
        return Error{Errc::Io, "Cannot read " + quoted(file.string()) + '.'};
    }
    Values read;
    std::istringstream lines(*text);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.ends_with('\r')) {
            line.pop_back();
        }
        const std::size_t begin = line.find_first_not_of(" \t");
        if (begin == std::string::npos || line[begin] == '#') {
            continue;
        }
        const std::size_t equals = line.find('=');
        std::string name = line.substr(begin, equals == std::string::npos ? 0 : equals - begin);
        name.erase(name.find_last_not_of(" \t") + 1);
        if (!isName(name)) {
            return Error{Errc::ParseError, "Line " + std::to_string(number) + " of " + quoted(file.string()) +
                                               " is not NAME=value. Begin comments with #."};
        }
        read[name] = line.substr(equals + 1);
    }
    for (auto& [name, value] : read) {
        values[name] = std::move(value);
    }
    return {};
}

/// A file of the credentials folder (systemd.exec, LoadCredential); a last line end is not part of it.
std::optional<std::string> credential(std::string_view name)
{
    const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr || *folder == '\0' || name.front() == '.') {
        return std::nullopt;
    }
    std::optional<std::string> text = readWhole(std::filesystem::path(folder) / name);
    if (text && text->ends_with('\n')) {
        text->pop_back();
    }
    return text;
}

} // namespace

Result<void> VariableSource::loadEnvFile(const std::filesystem::path& file)
{
    return readValues(file, m_envFile);
}

Result<void> VariableSource::loadSecretsFile(const std::filesystem::path& file)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077U) != 0) {
        return Error{Errc::InvalidArgument, "Secrets file " + quoted(file.string()) +
                                                " can be read by others. Do: chmod 600 " + file.string()};
    }
    return readValues(file, m_fileSecrets);
}

void VariableSource::setSecretPrompt(std::function<std::optional<std::string>(std::string_view name)> prompt)
{
    m_prompt = std::move(prompt);
}

void VariableSource::set(std::string name, std::string value)
{
    m_variables[std::move(name)] = std::move(value);
}

void VariableSource::setSecret(std::string name, std::string value)
{
    m_secrets[std::move(name)] = std::move(value);
}

std::optional<std::string> VariableSource::variable(std::string_view name) const
{
    if (auto value = lookUp(m_variables, name)) {
        return value;
    }
    if (auto value = lookUp(m_envFile, name)) {
        return value;
    }
    return environment(name);
}

std::optional<std::string> VariableSource::secret(std::string_view name) const
{
    if (!isName(name)) {
        return std::nullopt;
    }
    if (auto value = lookUp(m_secrets, name)) {
        return value;
    }
    if (auto value = credential(name)) {
        return value;
    }
    if (auto value = lookUp(m_fileSecrets, name)) {
        return value;
    }
    if (auto value = environment(name)) {
        return value;
    }
    return m_prompt ? m_prompt(name) : std::nullopt;
}

std::vector<Reference> findReferences(std::string_view text, std::vector<std::string>* malformed)
{
    std::vector<Reference> references;
    std::size_t at = 0;
    while ((at = text.find("${", at)) != std::string_view::npos) {
        if (at > 0 && text[at - 1] == '$') {
            at += 2;
            continue;
        }
        const std::size_t close = text.find('}', at);
        std::string_view inner =
            text.substr(at + 2, close == std::string_view::npos ? close : close - at - 2);
        Reference reference;
        reference.begin = at;
        reference.end = close == std::string_view::npos ? text.size() : close + 1;
        if (inner.starts_with(kSecretPrefix)) {
            reference.secret = true;
            inner.remove_prefix(kSecretPrefix.size());
        } else if (const std::size_t colon = inner.find(':'); colon != std::string_view::npos) {
            reference.fallback = std::string(inner.substr(colon + 1));
            inner = inner.substr(0, colon);
        }
        reference.name = std::string(inner);
        if (close != std::string_view::npos && isName(reference.name)) {
            references.push_back(std::move(reference));
            at = references.back().end;
        } else {
            if (malformed != nullptr) {
                malformed->push_back(std::string(text.substr(at, reference.end - at)));
            }
            at += 2;
        }
    }
    return references;
}

ResolvedText resolveText(std::string_view text, const VariableSource* source)
{
    ResolvedText resolved;
    const auto appendLiteral = [&resolved](std::string_view part) {
        for (std::size_t at = 0; at < part.size(); ++at) {
            resolved.text += part[at];
            if (part.substr(at).starts_with("$${")) {
                ++at; // one of the two dollar signs
            }
        }
    };
    std::size_t at = 0;
    for (Reference& reference : findReferences(text, &resolved.malformed)) {
        appendLiteral(text.substr(at, reference.begin - at));
        at = reference.end;
        resolved.hadReference = true;
        std::optional<std::string> value;
        if (source != nullptr) {
            value = reference.secret ? source->secret(reference.name) : source->variable(reference.name);
        }
        if (!value) {
            value = reference.fallback;
        }
        if (value) {
            resolved.text += *value;
        } else {
            resolved.text += text.substr(reference.begin, reference.end - reference.begin);
            resolved.missing.push_back(std::move(reference));
        }
    }
    appendLiteral(text.substr(at));
    return resolved;
}

} // namespace streamwright
