#include "gui/document/lint_runner.h"

#include "core/topology/compile.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <chrono>
#include <utility>

namespace streamwright {
namespace {

constexpr std::chrono::milliseconds kDebounce{150};
constexpr std::size_t kLargeDocument = 60;

} // namespace

LintRunner::LintRunner(const NodeRegistry& registry, QObject* parent) : QObject(parent), m_registry(registry)
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDebounce);
    connect(&m_delay, &QTimer::timeout, this, &LintRunner::run);
}

void LintRunner::request(const Pipeline& pipeline)
{
    m_pipeline = &pipeline;
    ++m_run; // what is under way on a worker is out of date
    m_delay.start();
}

Diagnostics LintRunner::check(const Pipeline& pipeline) const
{
    return compile(pipeline, m_registry).diagnostics;
}

void LintRunner::run()
{
    if (m_pipeline->nodes.size() <= kLargeDocument) {
        Q_EMIT finished(check(*m_pipeline));
        return;
    }
    const auto copy = std::make_shared<const Pipeline>(*m_pipeline);
    const std::uint64_t number = m_run;
    QPointer<LintRunner> self(this);
    QThreadPool::globalInstance()->start([self, copy, number, registry = &m_registry] {
        Diagnostics found = compile(*copy, *registry).diagnostics;
        QMetaObject::invokeMethod(
            qApp,
            [self, number, found = std::move(found)] {
                if (self != nullptr && self->m_run == number) {
                    Q_EMIT self->finished(found);
                }
            },
            Qt::QueuedConnection);
    });
}

} // namespace streamwright
