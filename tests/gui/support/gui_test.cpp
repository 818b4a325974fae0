#include "tests/gui/support/gui_test.h"

#include <QApplication>
#include <QDeadlineTimer>
#include <QMouseEvent>
#include <QTest>
#include <QWheelEvent>

namespace streamwright {

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds deadline)
{
    const QDeadlineTimer end(deadline);
    while (!condition()) {
        if (end.hasExpired()) {
            return false;
        }
        QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 5);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QTest::qWait(1); // lets timers come due where no event is waited for
    }
    return true;
}

QByteArray purchaseRequests()
{
    return R"({
  "streamwright": 1,
  "name": "purchase-requests",
  "connections": { "kafka": { "bootstrap_servers": "embedded" } },
  "nodes": [
    { "id": "requests", "type": "kafka_source", "title": "InputsTopic",
      "config": { "connection": "kafka", "topic": "InputsTopic", "format": "json" } },
    { "id": "parse", "type": "parse", "title": "Parse request",
      "config": { "field": "content", "method": "split_right", "separator": " ",
                  "outputs": [ { "name": "product", "type": "string" }, { "name": "quantity", "type": "int" } ] } },
    { "id": "filter", "type": "filter", "title": "Quantity over 0", "config": { "condition": "value.quantity > 0" } },
    { "id": "number", "type": "number", "title": "Number requests", "config": { "field": "app_number" } },
    { "id": "apps", "type": "kafka_sink", "title": "CorpAppsTopic",
      "config": { "connection": "kafka", "topic": "CorpAppsTopic", "format": "json" } },
    { "id": "rejects", "type": "file_sink", "title": "Dead letters", "config": { "path": "dlq.jsonl", "format": "json_lines" } }
  ],
  "edges": [
    { "from": "requests", "to": "parse" }, { "from": "parse", "to": "filter" }, { "from": "filter", "to": "number" },
    { "from": "number", "to": "apps" }, { "from": "parse.error", "to": "rejects" }
  ],
  "layout": {
    "nodes": { "requests": [0, 0], "parse": [312, 0], "filter": [0, 184], "number": [312, 184], "apps": [624, 184], "rejects": [624, 20] },
    "notes": [ { "text": "**Numbers feed accounting**\n\nNever restart the count by hand; ask Accounts first.", "rect": [312, 336, 264, 72] } ]
  }
})";
}

QByteArray largeDocument(int count)
{
    constexpr int kPerRow = 20;
    QByteArray nodes = R"({ "id": "begin", "type": "generator", "config": { "template": { "v": 1 } } })";
    QByteArray edges;
    QByteArray places = R"("begin": [0, 0])";
    QByteArray former = "begin";
    for (int i = 1; i < count; ++i) {
        const QByteArray id = "f" + QByteArray::number(i);
        nodes +=
            ",\n{ \"id\": \"" + id + R"(", "type": "filter", "config": { "condition": "value.v > 0" } })";
        edges += (edges.isEmpty() ? "" : ",\n") + QByteArray("{ \"from\": \"") + former + "\", \"to\": \"" +
                 id + "\" }";
        places += ", \"" + id + "\": [" + QByteArray::number(i % kPerRow * 312) + ", " +
                  QByteArray::number(i / kPerRow * 184) + "]";
        former = id;
    }
    return "{ \"streamwright\": 1, \"name\": \"large\", \"nodes\": [\n" + nodes + "\n], \"edges\": [\n" +
           edges + "\n], \"layout\": { \"nodes\": { " + places + " } } }";
}

void hover(QWidget* widget, const QPointF& at)
{
    QMouseEvent event(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                      Qt::NoModifier);
    QApplication::sendEvent(widget, &event);
}

void drag(QWidget* widget, const QPointF& from, const QPointF& to, Qt::KeyboardModifiers modifiers,
          Qt::MouseButton button)
{
    const auto send = [&](QEvent::Type type, const QPointF& at, Qt::MouseButton changed,
                          Qt::MouseButtons held) {
        QMouseEvent event(type, at, widget->mapToGlobal(at), changed, held, modifiers);
        QApplication::sendEvent(widget, &event);
    };
    send(QEvent::MouseButtonPress, from, button, button);
    constexpr int kSteps = 6;
    for (int i = 1; i <= kSteps; ++i) {
        send(QEvent::MouseMove, from + (to - from) * i / kSteps, Qt::NoButton, button);
    }
    send(QEvent::MouseButtonRelease, to, button, Qt::NoButton);
}

void wheel(QWidget* widget, const QPointF& at, int delta)
{
    QWheelEvent event(at, widget->mapToGlobal(at), QPoint(), QPoint(0, delta), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(widget, &event);
}

} // namespace streamwright
