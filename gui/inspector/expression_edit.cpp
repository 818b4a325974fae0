#include "gui/inspector/expression_edit.h"

#include "core/cel/assist.h"
#include "gui/style/theme.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QScrollBar>
#include <QStringListModel>
#include <QTextCharFormat>

namespace streamwright {
namespace {

constexpr int kVisibleLines = 2;
constexpr int kFrame = 12;
constexpr int kMostCompletions = 40;

} // namespace

ExpressionEdit::ExpressionEdit(QWidget* parent) : QPlainTextEdit(parent), m_completer(new QCompleter(this))
{
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setTabChangesFocus(true);
    setFixedHeight(fontMetrics().lineSpacing() * kVisibleLines + kFrame);
    m_completer->setWidget(this);
    m_completer->setModel(new QStringListModel(m_completer));
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this,
            &ExpressionEdit::insertCompletion);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        if (document()->isModified()) {
            Q_EMIT edited(toPlainText());
        }
    });
}

void ExpressionEdit::setExpression(const QString& text)
{
    if (text != toPlainText() && !(hasFocus() && document()->isModified())) {
        setPlainText(text);
        document()->setModified(false);
    }
}

void ExpressionEdit::setFieldNames(const QStringList& names)
{
    m_fieldNames = names;
}

void ExpressionEdit::setErrorRange(int from, int length)
{
    QList<QTextEdit::ExtraSelection> marks;
    if (length > 0) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(document());
        const int last = document()->characterCount() - 1;
        mark.cursor.setPosition(qBound(0, from, last));
        mark.cursor.setPosition(qBound(0, from + length, last), QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(themed(Role::Error));
        marks.append(mark);
    }
    setExtraSelections(marks);
}

void ExpressionEdit::commit()
{
    if (document()->isModified()) {
        document()->setModified(false);
        Q_EMIT committed(toPlainText());
    }
}

QString ExpressionEdit::wordBeforeCursor() const
{
    const QString text = toPlainText().left(textCursor().position());
    qsizetype begin = text.size();
    while (begin > 0 && (text[begin - 1].isLetterOrNumber() || text[begin - 1] == QLatin1Char('_'))) {
        --begin;
    }
    return text.mid(begin);
}

void ExpressionEdit::showCompletions(bool asked)
{
    std::vector<std::string> fields;
    for (const QString& name : m_fieldNames) {
        fields.push_back(name.toStdString());
    }
    const QByteArray text = toPlainText().toUtf8();
    const auto position =
        static_cast<std::size_t>(toPlainText().left(textCursor().position()).toUtf8().size());
    QStringList proposals;
    for (const cel::Completion& completion : cel::complete(
             std::string_view(text.constData(), static_cast<std::size_t>(text.size())), position, fields)) {
        proposals.append(QString::fromStdString(completion.text));
        if (proposals.size() == kMostCompletions) {
            break;
        }
    }
    if (proposals.isEmpty() ||
        (!asked && wordBeforeCursor().size() < 1 && !toPlainText().endsWith(QLatin1Char('.')))) {
        m_completer->popup()->hide();
        return;
    }
    static_cast<QStringListModel*>(m_completer->model())->setStringList(proposals);
    QRect place = cursorRect();
    place.setWidth(m_completer->popup()->sizeHintForColumn(0) +
                   m_completer->popup()->verticalScrollBar()->sizeHint().width() + kFrame);
    m_completer->complete(place);
}

void ExpressionEdit::insertCompletion(const QString& completion)
{
    QTextCursor cursor = textCursor();
    cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor,
                        static_cast<int>(wordBeforeCursor().size()));
    cursor.insertText(completion);
    setTextCursor(cursor);
}

void ExpressionEdit::keyPressEvent(QKeyEvent* event)
{
    const bool open = m_completer->popup()->isVisible();
    if (open && (event->key() == Qt::Key_Enter || event->key() == Qt::Key_Return ||
                 event->key() == Qt::Key_Tab || event->key() == Qt::Key_Escape)) {
        event->ignore(); // the popup's
        return;
    }
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !(event->modifiers() & Qt::ShiftModifier)) {
        commit();
        return;
    }
    const bool asked = event->key() == Qt::Key_Space && (event->modifiers() & Qt::ControlModifier);
    if (!asked) {
        QPlainTextEdit::keyPressEvent(event);
    }
    if (asked || !event->text().isEmpty()) {
        showCompletions(asked);
    }
}

void ExpressionEdit::focusOutEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason) {
        commit();
    }
}

} // namespace streamwright
