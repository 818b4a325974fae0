#include "gui/canvas/canvas_view.h"
#include "gui/canvas/search_bar.h"
#include "gui/canvas/search_query.h"

#include <algorithm>

/// Search of CanvasView: hits stay bright, F3 goes from one to the next.
namespace streamwright {

void CanvasView::openSearch()
{
    m_searchBar->open();
    placeOverlays();
}

void CanvasView::setSearch(const QString& query)
{
    m_query = query.trimmed();
    m_hits.clear();
    m_hit = -1;
    if (!m_query.isEmpty()) {
        const SearchQuery parsed = parseQuery(m_query);
        for (const Node& node : m_document.pipeline().nodes) {
            SearchSubject subject;
            subject.node = &node;
            subject.type = m_document.registry().find(node.type);
            subject.errors = m_document.errorCount(node.id);
            subject.changed = m_changedNodes.contains(node.id);
            if (matches(parsed, subject)) {
                m_hits.push_back(node.id);
            }
        }
    }
    m_searchBar->setHits(static_cast<int>(m_hits.size()), m_hits.empty() ? 0 : 1);
    if (!m_hits.empty()) {
        findNext(1);
    }
    update();
}

void CanvasView::findNext(int step)
{
    if (m_hits.empty()) {
        return;
    }
    const int count = static_cast<int>(m_hits.size());
    m_hit = ((m_hit + step) % count + count) % count;
    m_document.selection().reveal(m_hits[static_cast<std::size_t>(m_hit)]);
    m_searchBar->setHits(count, m_hit + 1);
}

} // namespace streamwright
