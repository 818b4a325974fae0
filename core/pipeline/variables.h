#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// Where `${NAME}` and `${secret:NAME}` come from (document.md part 1). Variables: the `--env` file, then the
/// environment. Secrets: $CREDENTIALS_DIRECTORY/NAME, the `--secrets` file (mode 0600), the environment, then
/// whoever is asked (the Studio). Thread: one at a time.
class VariableSource {
public:
    /// A file of `NAME=value` lines; # begins a comment line. Errors: NotFound, Io, ParseError.
    [[nodiscard]] Result<void> loadEnvFile(const std::filesystem::path& file);
    /// As loadEnvFile, and refuses a file that others can read. Errors: also InvalidArgument.
    [[nodiscard]] Result<void> loadSecretsFile(const std::filesystem::path& file);
    /// Asked last for a secret: the desktop keyring, the user.
    void setSecretPrompt(std::function<std::optional<std::string>(std::string_view name)> prompt);
    /// For tests and previews: beats everything else.
    void set(std::string name, std::string value);
    void setSecret(std::string name, std::string value);

    [[nodiscard]] std::optional<std::string> variable(std::string_view name) const;
    [[nodiscard]] std::optional<std::string> secret(std::string_view name) const;

private:
    std::map<std::string, std::string, std::less<>> m_variables;
    std::map<std::string, std::string, std::less<>> m_secrets;
    std::map<std::string, std::string, std::less<>> m_fileSecrets;
    std::map<std::string, std::string, std::less<>> m_envFile;
    std::function<std::optional<std::string>(std::string_view)> m_prompt;
};

/// A `${NAME}`, `${NAME:default}` or `${secret:NAME}` in a text; `begin` and `end` are bytes.
struct Reference {
    bool secret = false;
    std::string name;
    std::optional<std::string> fallback;
    std::size_t begin = 0;
    std::size_t end = 0;

    [[nodiscard]] std::string text() const { return std::string(secret ? "${secret:" : "${") + name + '}'; }
};

/// The references of `text` in their order. `$${` is a literal `${`. What begins like a reference and is none
/// goes to `malformed`, if given.
[[nodiscard]] std::vector<Reference> findReferences(std::string_view text,
                                                    std::vector<std::string>* malformed = nullptr);

/// A text with its references filled in.
struct ResolvedText {
    std::string text;                   ///< what could not be resolved stays as it is written
    std::vector<Reference> missing;     ///< neither given nor with a default
    std::vector<std::string> malformed; ///< "${A B}"
    bool hadReference = false;
};
/// `source` null: only defaults resolve.
[[nodiscard]] ResolvedText resolveText(std::string_view text, const VariableSource* source);

} // namespace streamwright
