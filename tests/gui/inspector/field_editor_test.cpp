#include "core/nodes/builtin.h"
#include "gui/inspector/config_form.h"
#include "gui/inspector/field_editor.h"
#include "gui/inspector/table_edit.h"

#include <gtest/gtest.h>

#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>

namespace streamwright {
namespace {

std::vector<FieldState> statesOf(const char* type, const Json& config)
{
    return evaluateForm(*builtinNodes().find(type), config, LintContext{});
}

QLineEdit* lineOf(ConfigForm& form, const char* key)
{
    return qobject_cast<QLineEdit*>(form.editorOf(QString::fromLatin1(key))->focusTarget());
}

TEST(ConfigForm, DrawsEveryFieldOfEveryNodeType)
{
    for (const NodeType& type : builtinNodes().types()) {
        ConfigForm form;
        form.show(evaluateForm(type, Json::object(), LintContext{}));
        for (const FieldSpec& field : type.spec().fields) {
            EXPECT_NE(form.editorOf(QString::fromStdString(field.key)), nullptr)
                << type.spec().type << '.' << field.key;
        }
    }
}

TEST(ConfigForm, CommitsWhatWasTypedOnceTheFieldIsLeft)
{
    ConfigForm form;
    form.show(statesOf("parse", Json{{"field", "content"}}));
    form.show(statesOf("parse", Json{{"field", "content"}}));
    QSignalSpy committed(&form, &ConfigForm::fieldCommitted);
    QLineEdit* const message = lineOf(form, "error_message");
    ASSERT_NE(message, nullptr);
    form.QWidget::show();
    QTest::keyClicks(message, QStringLiteral("no request"));
    EXPECT_EQ(committed.count(), 0) << "typing does not store";
    QTest::keyClick(message, Qt::Key_Return);
    ASSERT_EQ(committed.count(), 1);
    EXPECT_EQ(committed[0][0].toString(), QStringLiteral("error_message"));
    EXPECT_EQ(committed[0][1].value<Json>(), Json("no request"));
}

TEST(ConfigForm, KeepsWhatIsBeingTypedWhenTheDocumentChanges)
{
    ConfigForm form;
    form.show(statesOf("parse", Json{{"field", "content"}}));
    form.QWidget::show();
    QLineEdit* const message = lineOf(form, "error_message");
    message->setFocus();
    QApplication::setActiveWindow(&form);
    QTest::keyClicks(message, QStringLiteral("half a sen"));
    form.show(statesOf("parse", Json{{"field", "content"}, {"separator", "-"}}));
    EXPECT_EQ(message->text(), QStringLiteral("half a sen"));
}

TEST(ConfigForm, SaysUnderTheFieldWhatIsWrong)
{
    ConfigForm form;
    form.show(statesOf("parse", Json::object()));
    EXPECT_FALSE(form.problemOf(QStringLiteral("outputs")).isEmpty()) << "outputs is required";
    EXPECT_TRUE(form.problemOf(QStringLiteral("keep_field")).isEmpty());
}

TEST(TableEdit, GivesBackTheListItWasGiven)
{
    const FieldSpec* const outputs = builtinNodes().find("parse")->spec().findField("outputs");
    ASSERT_NE(outputs, nullptr);
    TableEdit table(*outputs, nullptr);
    const Json list =
        Json::parse(R"([{"name": "product", "type": "string"}, {"name": "quantity", "type": "int"}])");
    table.setValue(list);
    EXPECT_EQ(table.value(), list);
}

TEST(TableEdit, EditsFieldsWithTheirOldNames)
{
    const FieldSpec* const fields = builtinNodes().find("select_fields")->spec().findField("fields");
    ASSERT_NE(fields, nullptr);
    TableEdit table(*fields, nullptr);
    const Json list = Json::parse(R"(["id", {"customer": "name.first"}])");
    table.setValue(list);
    EXPECT_EQ(table.value(), list);
    QSignalSpy committed(&table, &TableEdit::committed);
    table.findChild<QTableWidget*>()->item(0, 0)->setText(QStringLiteral("number"));
    ASSERT_EQ(committed.count(), 1);
    EXPECT_EQ(committed[0][0].value<Json>(), Json::parse(R"(["number", {"customer": "name.first"}])"));
}

TEST(FieldEditor, KeepsAVariableInANumberField)
{
    FieldSpec spec;
    spec.type = FieldType::Int;
    EXPECT_EQ(valueOfText(spec, QStringLiteral("12")), Json(12));
    EXPECT_EQ(valueOfText(spec, QStringLiteral("${PORT}")), Json("${PORT}"));
}

} // namespace
} // namespace streamwright
