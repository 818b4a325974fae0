#include "core/kafka/producer.h"

#include "core/base/diagnostic.h"
#include "core/kafka/client.h"
#include "core/kafka/partition_list.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace streamwright::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr Millis kQueueFullSlice{10}; // one wait for room in the queue
constexpr Millis kFlushSlice{1};      // how soon the last answer or a stop is seen while flushing
constexpr Millis kLeaderPause{100};   // between looks at a topic that is just being made
constexpr Millis kRetryPause{100};    // between attempts of a retriable step of a transaction
constexpr std::size_t kMeanOver = 16; // records that the mean size looks back
constexpr int kRestOfTheTransaction = -1;

struct DestroyTopic {
    void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};

int milliseconds(Millis time)
{
    return static_cast<int>(std::max<Millis::rep>(time.count(), 0));
}

Millis until(SteadyClock::time_point deadline)
{
    return std::max(std::chrono::duration_cast<Millis>(deadline - SteadyClock::now()), Millis{0});
}

} // namespace

class ProducerTopic {
public:
    std::string name;
    std::unique_ptr<rd_kafka_topic_t, DestroyTopic> handle;
    std::int32_t partitions = 0;
    std::uint64_t producedRecords = 0;
    std::uint64_t producedBytes = 0;
};

struct Producer::Impl {
    ProducerSettings settings;
    std::unique_ptr<Client> client;
    std::map<std::string, std::unique_ptr<ProducerTopic>, std::less<>> topics;
    std::vector<DeliveryReport> failures;
    std::vector<DeliveryReport> delivered;
    std::uint64_t failureCount = 0;
    std::size_t meanBytes = 0; ///< of a record, over the last kMeanOver or so
    SteadyClock::time_point transactionBegan;

    [[nodiscard]] rd_kafka_t* handle() const { return client->handle(); }

    static void deliveryCallback(rd_kafka_t* /*handle*/, const rd_kafka_message_t* message, void* opaque)
    {
        static_cast<Impl*>(Client::of(opaque).owner())->onDelivery(*message);
    }

    void onDelivery(const rd_kafka_message_t& message)
    {
        const auto tag = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(message._private));
        const char* const name = message.rkt != nullptr ? rd_kafka_topic_name(message.rkt) : "";
        if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            delivered.push_back({tag, {name, message.partition}, message.offset, std::nullopt});
            return;
        }
        ++failureCount;
        if (failures.size() < kKeptFailures) {
            const char* const reason = rd_kafka_message_errstr(&message);
            failures.push_back({tag,
                                {name, message.partition},
                                kOffsetNone,
                                map(message.err, reason != nullptr ? reason : "", name)});
        }
    }

    [[nodiscard]] Error map(rd_kafka_resp_err_t code, std::string_view reason, std::string_view topic = {},
                            std::string_view doing = "write") const
    {
        return mapError(code, reason, client->connection(),
                        {.topic = topic, .transactionalId = settings.transactionalId, .doing = doing});
    }

    /// Without headers and time: the fast path. A copy of the bytes is made; librdkafka sizes it in one
    /// piece.
    [[nodiscard]] rd_kafka_resp_err_t producePlain(const OutgoingRecord& record) const
    {
        const int failed =
            rd_kafka_produce(record.topic->handle.get(), record.partition, RD_KAFKA_MSG_F_COPY,
                             const_cast<char*>(record.value.data()), // NOLINT: F_COPY only reads
                             record.value.size(), record.key.data(), record.key.size(),
                             reinterpret_cast<void*>(static_cast<std::uintptr_t>(record.tag)));
        return failed == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error();
    }

    [[nodiscard]] rd_kafka_resp_err_t produceWithHeaders(const OutgoingRecord& record) const
    {
        rd_kafka_headers_t* headers = nullptr;
        if (!record.headers.empty()) {
            headers = rd_kafka_headers_new(record.headers.size());
            for (const Header& header : record.headers) {
                rd_kafka_header_add(headers, header.name.data(), static_cast<ssize_t>(header.name.size()),
                                    header.value.data(), static_cast<ssize_t>(header.value.size()));
            }
        }
        const rd_kafka_resp_err_t code = rd_kafka_producev(
            handle(), RD_KAFKA_V_RKT(record.topic->handle.get()), RD_KAFKA_V_PARTITION(record.partition),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()), // NOLINT: F_COPY
            RD_KAFKA_V_KEY(record.key.data(), record.key.size()), RD_KAFKA_V_TIMESTAMP(record.timestampMs),
            RD_KAFKA_V_HEADERS(headers),
            RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(static_cast<std::uintptr_t>(record.tag))),
            RD_KAFKA_V_END);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR && headers != nullptr) {
            rd_kafka_headers_destroy(headers); // they are the library's only after a success
        }
        return code;
    }

    [[nodiscard]] rd_kafka_resp_err_t produceOnce(const OutgoingRecord& record) const
    {
        const bool plain = record.headers.empty() && record.timestampMs == kTimestampNow;
        return plain ? producePlain(record) : produceWithHeaders(record);
    }

    [[nodiscard]] TransactionOutcome outcomeOf(rd_kafka_error_t* error, bool deadlinePassedIsIndeterminate,
                                               std::string_view doing, std::string_view group = {}) const
    {
        if (error == nullptr) {
            return {};
        }
        const bool abort = rd_kafka_error_txn_requires_abort(error) != 0;
        const bool fatal = rd_kafka_error_is_fatal(error) != 0;
        const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
        TransactionOutcome outcome;
        outcome.error =
            mapError(error, client->connection(),
                     {.group = group, .transactionalId = settings.transactionalId, .doing = doing});
        const bool ranOut = code == RD_KAFKA_RESP_ERR__TIMED_OUT ||
                            SteadyClock::now() - transactionBegan > settings.transactionTimeout;
        if (fatal) {
            const bool fenced = outcome.error.code == Errc::Fenced ||
                                fencedBelow(code == RD_KAFKA_RESP_ERR__FATAL ? fatalCode() : code);
            // The coordinator ends a transaction that takes too long by raising the epoch: that looks the
            // same.
            const bool byTimeout = deadlinePassedIsIndeterminate && ranOut;
            outcome.verdict =
                fenced && !byTimeout ? TransactionVerdict::Fenced : TransactionVerdict::Recreate;
            if (outcome.verdict == TransactionVerdict::Fenced) {
                outcome.error.code = Errc::Fenced;
            }
        } else if (abort) {
            outcome.verdict = TransactionVerdict::Abort;
            outcome.error.code = Errc::TransactionAbort;
            outcome.error.fatal = false;
        } else if (deadlinePassedIsIndeterminate && ranOut) {
            outcome.verdict = TransactionVerdict::Indeterminate;
        } else {
            outcome.verdict = TransactionVerdict::Recreate;
        }
        return outcome;
    }

    [[nodiscard]] rd_kafka_resp_err_t fatalCode() const { return rd_kafka_fatal_error(handle(), nullptr, 0); }

    [[nodiscard]] static bool fencedBelow(rd_kafka_resp_err_t code)
    {
        return code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
               code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH ||
               code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
    }

    /// Calls `step` again while it says retriable, until `deadline`.
    template <typename Step>
    [[nodiscard]] rd_kafka_error_t* insist(SteadyClock::time_point deadline, Step step) const
    {
        while (true) {
            rd_kafka_error_t* const error = step();
            const bool again = error != nullptr && rd_kafka_error_is_retriable(error) != 0 &&
                               rd_kafka_error_txn_requires_abort(error) == 0 &&
                               rd_kafka_error_is_fatal(error) == 0;
            if (!again || SteadyClock::now() >= deadline) {
                return error;
            }
            rd_kafka_error_destroy(error);
            rd_kafka_poll(handle(), milliseconds(std::min(kRetryPause, until(deadline))));
        }
    }
};

std::string_view toString(TransactionVerdict verdict)
{
    using enum TransactionVerdict;
    switch (verdict) {
    case Done: return "done";
    case Abort: return "abort";
    case Recreate: return "recreate";
    case Fenced: return "fenced";
    case Indeterminate: return "indeterminate";
    }
    return "recreate";
}

Producer::Producer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Result<std::unique_ptr<Producer>> Producer::create(const ConnectionConfig& connection,
                                                   const ProducerSettings& settings, ClientListener* listener)
{
    auto config = ClientConfig::forProducer(connection, settings);
    if (!config) {
        return config.error();
    }
    auto impl = std::make_unique<Impl>();
    impl->settings = settings;
    impl->transactionBegan = SteadyClock::now();
    rd_kafka_conf_set_dr_msg_cb(config->handle(), &Impl::deliveryCallback);
    auto client =
        Client::create(Client::Kind::Producer, std::move(*config), connection, listener, impl.get());
    if (!client) {
        return client.error();
    }
    impl->client = std::move(*client);
    return std::unique_ptr<Producer>(new Producer(std::move(impl)));
}

Producer::~Producer()
{
    purge();
    m_impl->topics.clear();
}

Result<ProducerTopic*> Producer::topic(std::string_view name, const TopicSettings& settings, Millis timeout)
{
    auto& slot = m_impl->topics[std::string(name)];
    if (slot == nullptr) {
        auto made = std::make_unique<ProducerTopic>();
        made->name = name;
        rd_kafka_topic_conf_t* const config = rd_kafka_default_topic_conf_dup(m_impl->handle());
        if (!settings.compression.empty()) {
            char reason[256] = {};
            if (rd_kafka_topic_conf_set(config, "compression.codec", settings.compression.c_str(), reason,
                                        sizeof reason) != RD_KAFKA_CONF_OK) {
                rd_kafka_topic_conf_destroy(config);
                m_impl->topics.erase(std::string(name));
                return Error{Errc::InvalidArgument, "Compression " + quoted(settings.compression) +
                                                        " of topic " + quoted(name) +
                                                        " is refused: " + reason + "."};
            }
        }
        made->handle.reset(rd_kafka_topic_new(m_impl->handle(), made->name.c_str(), config));
        if (made->handle == nullptr) {
            m_impl->topics.erase(std::string(name));
            return m_impl->map(rd_kafka_last_error(), "", name);
        }
        slot = std::move(made);
    }
    if (slot->partitions > 0) {
        return slot.get();
    }
    const SteadyClock::time_point deadline = SteadyClock::now() + timeout;
    while (true) {
        auto metadata = m_impl->client->metadata(slot->handle.get(), std::max(until(deadline), Millis{1}));
        if (!metadata) {
            return metadata.error();
        }
        const rd_kafka_metadata_topic_t& found = (*metadata)->topics[0];
        if (found.err == RD_KAFKA_RESP_ERR_NO_ERROR && found.partition_cnt > 0) {
            slot->partitions = found.partition_cnt;
            return slot.get();
        }
        const bool mayPass = found.err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
        if (!mayPass || until(deadline).count() == 0) {
            return m_impl->map(
                found.err != RD_KAFKA_RESP_ERR_NO_ERROR ? found.err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
                "", name);
        }
        rd_kafka_poll(m_impl->handle(), milliseconds(std::min(kLeaderPause, until(deadline))));
    }
}

std::int32_t Producer::partitionCount(const ProducerTopic& topic)
{
    return topic.partitions;
}
std::string_view Producer::topicName(const ProducerTopic& topic)
{
    return topic.name;
}
std::uint64_t Producer::producedRecords(const ProducerTopic& topic)
{
    return topic.producedRecords;
}
std::uint64_t Producer::producedBytes(const ProducerTopic& topic)
{
    return topic.producedBytes;
}

Result<void> Producer::produce(const OutgoingRecord& record, Millis maxWait, const std::stop_token& stop)
{
    ProducerTopic& topic = *record.topic;
    if (record.partition >= topic.partitions || record.partition < kPartitionAuto) {
        // Checked here: the library frees headers twice for a partition that is not there (kafka.md C5).
        return Error{Errc::UnknownTopic, "Topic " + quoted(topic.name) + " has no partition " +
                                             std::to_string(record.partition) + " (it has " +
                                             std::to_string(topic.partitions) + ")."};
    }
    rd_kafka_resp_err_t code = m_impl->produceOnce(record);
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        const SteadyClock::time_point deadline = SteadyClock::now() + maxWait;
        while (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            if (stop.stop_requested()) {
                return Error{Errc::Cancelled, "Asked to stop while the send queue to topic " +
                                                  quoted(topic.name) + " was full."};
            }
            if (until(deadline).count() == 0) {
                break;
            }
            rd_kafka_poll(m_impl->handle(), milliseconds(kQueueFullSlice));
            code = m_impl->produceOnce(record);
        }
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const bool late = !m_impl->settings.transactionalId.empty() &&
                          SteadyClock::now() - m_impl->transactionBegan > m_impl->settings.transactionTimeout;
        if (late || (code == RD_KAFKA_RESP_ERR__STATE && !m_impl->settings.transactionalId.empty())) {
            // The transaction has failed or timed out meanwhile (SIGSTOP, a broker that was away): a new
            // producer and a rewind mend it.
            Error error = m_impl->map(code, "", topic.name);
            error.code = Errc::TransactionAbort;
            error.retriable = true;
            error.fatal = false;
            return error;
        }
        if (code == RD_KAFKA_RESP_ERR__FATAL) {
            return m_impl->client->fatalError({.transactionalId = m_impl->settings.transactionalId})
                .value_or(m_impl->map(code, "", topic.name));
        }
        return m_impl->map(code, "", topic.name);
    }
    ++topic.producedRecords;
    const std::size_t bytes = record.key.size() + record.value.size();
    topic.producedBytes += bytes;
    if (m_impl->meanBytes == 0) {
        m_impl->meanBytes = bytes;
    }
    m_impl->meanBytes = (m_impl->meanBytes * (kMeanOver - 1) + bytes + kMeanOver / 2) / kMeanOver;
    return {};
}

int Producer::poll(Millis timeout)
{
    return rd_kafka_poll(m_impl->handle(), milliseconds(timeout));
}

std::size_t Producer::queuedRecords() const
{
    return static_cast<std::size_t>(std::max(rd_kafka_outq_len(m_impl->handle()), 0));
}

std::size_t Producer::queuedBytes() const
{
    return queuedRecords() * m_impl->meanBytes;
}

Result<void> Producer::flush(Millis timeout, const std::stop_token& stop)
{
    const SteadyClock::time_point deadline = SteadyClock::now() + timeout;
    // Sends at once what waits for more; then poll ourselves, for without success reports rd_kafka_flush()
    // looks only every 10 ms, which would be a pause in each commit.
    rd_kafka_flush(m_impl->handle(), 0);
    while (queuedRecords() > 0) {
        if (auto fatal = fatalError()) {
            return std::move(*fatal);
        }
        if (stop.stop_requested()) {
            return Error{Errc::Cancelled, "Asked to stop while sending the last records."};
        }
        if (until(deadline).count() == 0) {
            Error error = m_impl->map(RD_KAFKA_RESP_ERR__TIMED_OUT, "", {}, "send all records in time");
            if (const Error cause = lastError(); !cause.message.empty()) {
                error.message += " " + cause.message;
            }
            return error;
        }
        rd_kafka_poll(m_impl->handle(), milliseconds(kFlushSlice));
    }
    rd_kafka_poll(m_impl->handle(), 0);
    return {};
}

std::vector<DeliveryReport> Producer::takeFailures()
{
    return std::exchange(m_impl->failures, {});
}
std::uint64_t Producer::failureCount() const
{
    return m_impl->failureCount;
}
std::vector<DeliveryReport> Producer::takeDelivered()
{
    return std::exchange(m_impl->delivered, {});
}

void Producer::purge()
{
    rd_kafka_purge(m_impl->handle(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    while (rd_kafka_poll(m_impl->handle(), 0) > 0) {
    }
}

TransactionOutcome Producer::initTransactions(Millis timeout)
{
    const SteadyClock::time_point deadline = SteadyClock::now() + timeout;
    m_impl->transactionBegan = SteadyClock::now();
    TransactionOutcome outcome = m_impl->outcomeOf(
        m_impl->insist(deadline,
                       [&] {
                           return rd_kafka_init_transactions(m_impl->handle(),
                                                             std::max(milliseconds(until(deadline)), 1));
                       }),
        false, "begin transactions");
    if (outcome.error.code == Errc::TimedOut) {
        rd_kafka_poll(m_impl->handle(), 0); // brings the reason
        if (const Error cause = lastError(); !cause.message.empty()) {
            outcome.error.message += " " + cause.message;
        }
    }
    return outcome;
}

TransactionOutcome Producer::beginTransaction()
{
    m_impl->transactionBegan = SteadyClock::now();
    return m_impl->outcomeOf(rd_kafka_begin_transaction(m_impl->handle()), false, "begin a transaction");
}

TransactionOutcome Producer::sendOffsets(std::span<const PartitionOffset> offsets, const GroupMetadata& group)
{
    const PartitionList list = makePartitionList(offsets);
    return m_impl->outcomeOf(m_impl->insist(m_impl->transactionBegan + m_impl->settings.transactionTimeout,
                                            [&] {
                                                return rd_kafka_send_offsets_to_transaction(
                                                    m_impl->handle(), list.get(), group.handle(),
                                                    kRestOfTheTransaction);
                                            }),
                             true, "send offsets to the transaction");
}

TransactionOutcome Producer::commitTransaction()
{
    return m_impl->outcomeOf(
        m_impl->insist(m_impl->transactionBegan + m_impl->settings.transactionTimeout,
                       [&] { return rd_kafka_commit_transaction(m_impl->handle(), kRestOfTheTransaction); }),
        true, "commit the transaction");
}

TransactionOutcome Producer::abortTransaction()
{
    return m_impl->outcomeOf(
        m_impl->insist(m_impl->transactionBegan + m_impl->settings.transactionTimeout,
                       [&] { return rd_kafka_abort_transaction(m_impl->handle(), kRestOfTheTransaction); }),
        true, "abort the transaction");
}

std::optional<Error> Producer::fatalError() const
{
    return m_impl->client->fatalError({.transactionalId = m_impl->settings.transactionalId});
}

Error Producer::lastError() const
{
    return m_impl->client->lastError();
}

} // namespace streamwright::kafka
