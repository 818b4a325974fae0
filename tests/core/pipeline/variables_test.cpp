#include "core/pipeline/secrets.h"
#include "core/pipeline/variables.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace streamwright {
namespace {

class VariablesTest : public testing::Test {
protected:
    void SetUp() override
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "streamwright.XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
    }
    void TearDown() override
    {
        std::filesystem::remove_all(m_folder);
        ::unsetenv("CREDENTIALS_DIRECTORY");
        ::unsetenv("SW_TEST_NAME");
    }
    std::filesystem::path write(const char* name, const char* text, mode_t mode = 0600)
    {
        const std::filesystem::path file = m_folder / name;
        std::ofstream(file) << text;
        ::chmod(file.c_str(), mode);
        return file;
    }

    std::filesystem::path m_folder;
};

TEST_F(VariablesTest, ResolvesNamesDefaultsSecretsAndTheLiteral)
{
    VariableSource source;
    source.set("A", "1");
    source.setSecret("P", "hidden");
    const ResolvedText resolved = resolveText("${A}-${B:x:y}-${secret:P}-$${A}-$A-${C}", &source);
    EXPECT_EQ(resolved.text, "1-x:y-hidden-${A}-$A-${C}");
    ASSERT_EQ(resolved.missing.size(), 1U);
    EXPECT_EQ(resolved.missing[0].text(), "${C}");
    EXPECT_TRUE(resolved.hadReference);
    EXPECT_FALSE(resolveText("$${A}", &source).hadReference);
    EXPECT_EQ(resolveText("${A B} ${", &source).malformed, (std::vector<std::string>{"${A B}", "${"}));
}

TEST_F(VariablesTest, AsksTheEnvFileBeforeTheEnvironment)
{
    ::setenv("SW_TEST_NAME", "environment", 1);
    VariableSource source;
    EXPECT_EQ(source.variable("SW_TEST_NAME"), "environment");
    ASSERT_TRUE(source.loadEnvFile(write("env", "# comment\r\n\nSW_TEST_NAME=file=1\r\n OTHER = x\n")));
    EXPECT_EQ(source.variable("SW_TEST_NAME"), "file=1");
    EXPECT_EQ(source.variable("OTHER"), " x");
    EXPECT_EQ(source.variable("SW_TEST_ABSENT"), std::nullopt);
}

TEST_F(VariablesTest, AsksForSecretsInTheOrderOfTheContract)
{
    VariableSource source;
    source.setSecretPrompt([](std::string_view name) { return std::optional(std::string(name) + " typed"); });
    EXPECT_EQ(source.secret("SW_TEST_NAME"), "SW_TEST_NAME typed");
    ::setenv("SW_TEST_NAME", "environment", 1);
    EXPECT_EQ(source.secret("SW_TEST_NAME"), "environment");
    ASSERT_TRUE(source.loadSecretsFile(write("secrets", "SW_TEST_NAME=file\n")));
    EXPECT_EQ(source.secret("SW_TEST_NAME"), "file");
    write("SW_TEST_NAME", "credential\n");
    ::setenv("CREDENTIALS_DIRECTORY", m_folder.c_str(), 1);
    EXPECT_EQ(source.secret("SW_TEST_NAME"), "credential");
    EXPECT_EQ(source.secret("../SW_TEST_NAME"), std::nullopt);
}

TEST_F(VariablesTest, RefusesASecretsFileThatOthersCanRead)
{
    VariableSource source;
    const auto loaded = source.loadSecretsFile(write("secrets", "P=hunter2\n", 0644));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, Errc::InvalidArgument);
    EXPECT_NE(loaded.error().message.find("chmod 600"), std::string::npos);
    EXPECT_EQ(source.loadSecretsFile(m_folder / "none").error().code, Errc::NotFound);
    const auto broken = source.loadSecretsFile(write("broken", "A=1\nhunter2\n"));
    ASSERT_FALSE(broken);
    EXPECT_NE(broken.error().message.find("Line 2"), std::string::npos);
    EXPECT_EQ(broken.error().message.find("hunter2"), std::string::npos);
}

TEST(Secrets, KnowALiteralFromAReference)
{
    EXPECT_TRUE(isLiteralSecret("sasl_password", "hunter2"));
    EXPECT_TRUE(isLiteralSecret("sasl_password", "${P:hunter2}"));
    EXPECT_TRUE(isLiteralSecret("sasl_password", "a${secret:P}"));
    EXPECT_TRUE(isLiteralSecret("sasl_password", "$${secret:P}"));
    EXPECT_FALSE(isLiteralSecret("sasl_password", "${secret:P}"));
    EXPECT_FALSE(isLiteralSecret("sasl_password", "${P}"));
    EXPECT_FALSE(isLiteralSecret("sasl_password", ""));
    EXPECT_TRUE(isLiteralSecret("sasl.jaas.config", "Plain required username=\"u\" password=\"hunter2\";"));
    EXPECT_FALSE(
        isLiteralSecret("sasl.jaas.config", "Plain required username=\"u\" password=\"${secret:P}\";"));
}

TEST(Secrets, AreFoundInPropertiesToo)
{
    Pipeline pipeline;
    pipeline.connections.push_back({"k", Json{{"bootstrap_servers", "b"},
                                              {"ssl_key_password", "canary"},
                                              {"properties",
                                               {{"sasl.password", "canary"},
                                                {"ssl.key.password", "${secret:K}"},
                                                {"sasl.jaas.config", "password=canary"},
                                                {"client.rack", "a"}}}}});
    std::vector<std::string> fields;
    for (const Diagnostic& diagnostic : findLiteralSecrets(pipeline, nullptr)) {
        fields.push_back(diagnostic.field);
        EXPECT_EQ(format(diagnostic, "f").find("canary"), std::string::npos);
    }
    EXPECT_EQ(fields, (std::vector<std::string>{"connections.k.ssl_key_password",
                                                "connections.k.properties.sasl.password",
                                                "connections.k.properties.sasl.jaas.config"}));
}

} // namespace
} // namespace streamwright
