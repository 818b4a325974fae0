#include "core/kafka/message_batch.h"

#include <librdkafka/rdkafka.h>

namespace streamwright::kafka {

MessageBatch::~MessageBatch()
{
    clear();
}

HeadersView MessageBatch::headers(std::size_t index, Arena& arena) const
{
    rd_kafka_headers_t* found = nullptr;
    if (rd_kafka_message_headers(m_handles[m_handleOf[index]], &found) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return {};
    }
    const std::span<Header> headers = arena.makeArray<Header>(rd_kafka_header_cnt(found));
    for (std::size_t i = 0; i < headers.size(); ++i) {
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t size = 0;
        rd_kafka_header_get_all(found, i, &name, &value, &size);
        headers[i] = {name, value == nullptr ? NullableBytes()
                                             : NullableBytes(static_cast<const char*>(value), size)};
    }
    return headers;
}

void MessageBatch::clear()
{
    for (rd_kafka_message_s* const handle : m_handles) {
        rd_kafka_message_destroy(handle);
    }
    m_handles.clear();
    m_messages.clear();
    m_handleOf.clear();
    m_errors.clear();
    m_bytes = 0;
}

} // namespace streamwright::kafka
