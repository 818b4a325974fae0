#include "gui/app/recovery.h"

#include "gui/document/pipeline_document.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QStandardPaths>
#include <QUuid>

namespace streamwright {
namespace {

constexpr char kSuffix[] = ".recovery.json";

QString lockOf(const QString& copy)
{
    return copy + QStringLiteral(".lock");
}

} // namespace

QString Recovery::directory()
{
    const QString path =
        QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/recovery");
    QDir().mkpath(path);
    QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    return path;
}

Recovery::Recovery(PipelineDocument& document, QObject* parent)
    : QObject(parent), m_document(document),
      m_file(directory() + QLatin1Char('/') + QUuid::createUuid().toString(QUuid::WithoutBraces) +
             QString::fromLatin1(kSuffix))
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &Recovery::writeNow);
    connect(&document, &PipelineDocument::changed, this, [this] { m_timer.start(); });
    connect(&document, &PipelineDocument::reset, this, [this] { m_timer.start(); });
    connect(&document, &PipelineDocument::saved, this, &Recovery::remove);
}

Recovery::~Recovery()
{
    remove();
}

void Recovery::writeNow()
{
    m_timer.stop();
    if (!m_document.isModified()) {
        remove();
        return;
    }
    if (!m_lock) {
        m_lock = std::make_unique<QLockFile>(lockOf(m_file));
        m_lock->setStaleLockTime(0); // the lock is stale when its process is gone, however long it takes
        m_lock->tryLock(0);
    }
    QJsonObject copy;
    copy.insert(QStringLiteral("document"), m_document.filePath());
    copy.insert(QStringLiteral("saved_hash"), QString::fromLatin1(m_document.savedHash().toHex()));
    copy.insert(QStringLiteral("at"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs));
    copy.insert(QStringLiteral("text"), QString::fromUtf8(m_document.text()));
    QSaveFile file(m_file);
    if (file.open(QIODevice::WriteOnly)) {
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        file.write(QJsonDocument(copy).toJson(QJsonDocument::Compact));
        file.commit();
    }
}

void Recovery::remove()
{
    m_timer.stop();
    QFile::remove(m_file);
    m_lock.reset();
}

std::vector<RecoveryCopy> Recovery::abandoned(const QString& documentPath)
{
    std::vector<RecoveryCopy> copies;
    const QDir folder(directory());
    for (const QFileInfo& info : folder.entryInfoList({QStringLiteral("*") + QString::fromLatin1(kSuffix)},
                                                      QDir::Files, QDir::Time)) {
        QLockFile lock(lockOf(info.filePath()));
        lock.setStaleLockTime(0);
        if (!lock.tryLock(0)) {
            continue; // somebody edits it
        }
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly)) {
            continue;
        }
        const QJsonObject copy = QJsonDocument::fromJson(file.readAll()).object();
        RecoveryCopy found{
            .file = info.filePath(),
            .documentPath = copy.value(QStringLiteral("document")).toString(),
            .text = copy.value(QStringLiteral("text")).toString().toUtf8(),
            .savedHash = QByteArray::fromHex(copy.value(QStringLiteral("saved_hash")).toString().toLatin1()),
            .at = QDateTime::fromString(copy.value(QStringLiteral("at")).toString(), Qt::ISODateWithMs)};
        if (!found.text.isEmpty() && (documentPath.isEmpty() || found.documentPath == documentPath)) {
            copies.push_back(std::move(found));
        }
    }
    return copies;
}

void Recovery::discard(const RecoveryCopy& copy)
{
    QFile::remove(copy.file);
    QFile::remove(lockOf(copy.file));
}

} // namespace streamwright
