#pragma once

#include <QPlainTextEdit>
#include <QString>
#include <QStringList>

class QCompleter;

namespace streamwright {

/// One CEL expression: monospaced, two lines high, completes names, underlines what is wrong. Enter commits,
/// Shift+Enter breaks the line. Thread: GUI.
class ExpressionEdit final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit ExpressionEdit(QWidget* parent = nullptr);

    /// Shows `text` unless the user is editing.
    void setExpression(const QString& text);
    /// Names of the record's fields, offered after `value.` and alone.
    void setFieldNames(const QStringList& names);
    /// Underlines `length` characters from `from`; 0 ends that.
    void setErrorRange(int from, int length);

Q_SIGNALS:
    void edited(const QString& text);
    void committed(const QString& text);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void commit();
    void showCompletions(bool asked);
    [[nodiscard]] QString wordBeforeCursor() const;
    void insertCompletion(const QString& completion);

    QCompleter* m_completer;
    QStringList m_fieldNames;
};

} // namespace streamwright
