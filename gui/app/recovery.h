#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QLockFile>
#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace streamwright {

class PipelineDocument;

/// What another process left behind when it ended without saving.
struct RecoveryCopy {
    QString file;         ///< of the copy
    QString documentPath; ///< empty: was never saved
    QByteArray text;
    QByteArray savedHash; ///< of the text that the edits began from
    QDateTime at;
};

/// Keeps a copy of a document with unsaved edits beside the settings, mode 0600, two seconds after the last
/// edit and before each run; a clean save or close removes it. A lock file tells whether its owner still
/// lives, so that a copy is offered once, and only when nobody edits it. Secrets never reach it: the document
/// holds references. Thread: GUI.
class Recovery final : public QObject {
    Q_OBJECT

public:
    explicit Recovery(PipelineDocument& document, QObject* parent = nullptr);
    ~Recovery() override;

    /// Copies whose owner is gone; for `documentPath` only, or all where it is empty.
    [[nodiscard]] static std::vector<RecoveryCopy> abandoned(const QString& documentPath = {});
    static void discard(const RecoveryCopy& copy);

    /// Writes the copy now, where there is something to lose.
    void writeNow();
    /// The document was saved or closed.
    void remove();

    static constexpr int kDelayMs = 2'000;

private:
    [[nodiscard]] static QString directory();

    PipelineDocument& m_document;
    QString m_file;
    std::unique_ptr<QLockFile> m_lock;
    QTimer m_timer;
};

} // namespace streamwright
