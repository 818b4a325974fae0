#pragma once

#include "core/base/diagnostic.h"
#include "core/node/node_type.h"
#include "core/pipeline/pipeline.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <memory>

namespace streamwright {

/// Checks a document a moment after its last edit, large ones on a worker thread. Thread: GUI; finished()
/// comes there too.
class LintRunner final : public QObject {
    Q_OBJECT

public:
    LintRunner(const NodeRegistry& registry, QObject* parent);

    /// Begins the wait anew; `pipeline` is copied when it is over.
    void request(const Pipeline& pipeline);
    /// At once and on this thread: after loading, before running.
    [[nodiscard]] Diagnostics check(const Pipeline& pipeline) const;

Q_SIGNALS:
    void finished(const streamwright::Diagnostics& diagnostics);

private:
    void run();

    const NodeRegistry& m_registry;
    const Pipeline* m_pipeline = nullptr;
    QTimer m_delay;
    std::uint64_t m_run = 0;
};

} // namespace streamwright
