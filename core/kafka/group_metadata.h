#pragma once

#include <memory>

struct rd_kafka_consumer_group_metadata_s;

namespace streamwright::kafka {

/// Who a consumer is in its group (member, generation): what a transaction is checked by (KIP-447). Stale
/// ones are how two owners both commit, so take a fresh one per transaction. Movable value; any one thread.
class GroupMetadata {
public:
    explicit GroupMetadata(rd_kafka_consumer_group_metadata_s* handle) : m_handle(handle) {}

    [[nodiscard]] const rd_kafka_consumer_group_metadata_s* handle() const { return m_handle.get(); }

private:
    struct Destroy {
        void operator()(rd_kafka_consumer_group_metadata_s* handle) const;
    };
    std::unique_ptr<rd_kafka_consumer_group_metadata_s, Destroy> m_handle;
};

} // namespace streamwright::kafka
