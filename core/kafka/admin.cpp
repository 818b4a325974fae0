#include "core/kafka/admin.h"

#include "core/base/diagnostic.h"
#include "core/kafka/client.h"
#include "core/kafka/partition_list.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace streamwright::kafka {
namespace {

struct Destroy {
    void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
    void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
    void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
    void operator()(rd_kafka_AdminOptions_t* options) const { rd_kafka_AdminOptions_destroy(options); }
    void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
    void operator()(rd_kafka_DeleteTopic_t* topic) const { rd_kafka_DeleteTopic_destroy(topic); }
    void operator()(rd_kafka_DeleteRecords_t* records) const { rd_kafka_DeleteRecords_destroy(records); }
    void operator()(rd_kafka_DeleteGroup_t* group) const { rd_kafka_DeleteGroup_destroy(group); }
    void operator()(rd_kafka_ConfigResource_t* resource) const { rd_kafka_ConfigResource_destroy(resource); }
    void operator()(rd_kafka_TopicCollection_t* topics) const { rd_kafka_TopicCollection_destroy(topics); }
    void operator()(rd_kafka_ListConsumerGroupOffsets_t* list) const
    {
        rd_kafka_ListConsumerGroupOffsets_destroy(list);
    }
    void operator()(rd_kafka_AlterConsumerGroupOffsets_t* list) const
    {
        rd_kafka_AlterConsumerGroupOffsets_destroy(list);
    }
};
template <typename T>
using Owned = std::unique_ptr<T, Destroy>;

constexpr Millis kStopSlice{100}; // how soon a stop is seen while waiting

int milliseconds(Millis time)
{
    return static_cast<int>(std::max<Millis::rep>(time.count(), 1));
}

std::string textOf(const char* text)
{
    return text != nullptr ? text : "";
}

std::vector<std::string> operationNames(const rd_kafka_AclOperation_t* operations, std::size_t count)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; operations != nullptr && i < count; ++i) {
        switch (operations[i]) {
        case RD_KAFKA_ACL_OPERATION_READ: names.emplace_back("Read"); break;
        case RD_KAFKA_ACL_OPERATION_WRITE: names.emplace_back("Write"); break;
        case RD_KAFKA_ACL_OPERATION_CREATE: names.emplace_back("Create"); break;
        case RD_KAFKA_ACL_OPERATION_DELETE: names.emplace_back("Delete"); break;
        case RD_KAFKA_ACL_OPERATION_ALTER: names.emplace_back("Alter"); break;
        case RD_KAFKA_ACL_OPERATION_DESCRIBE: names.emplace_back("Describe"); break;
        case RD_KAFKA_ACL_OPERATION_ALTER_CONFIGS: names.emplace_back("AlterConfigs"); break;
        case RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS: names.emplace_back("DescribeConfigs"); break;
        default: break;
        }
    }
    return names;
}

GroupMember memberOf(const rd_kafka_MemberDescription_t& description)
{
    GroupMember member{.clientId = textOf(rd_kafka_MemberDescription_client_id(&description)),
                       .memberId = textOf(rd_kafka_MemberDescription_consumer_id(&description)),
                       .instanceId = textOf(rd_kafka_MemberDescription_group_instance_id(&description)),
                       .host = textOf(rd_kafka_MemberDescription_host(&description)),
                       .partitions = {}};
    const rd_kafka_MemberAssignment_t* const assignment = rd_kafka_MemberDescription_assignment(&description);
    const auto* const partitions =
        assignment != nullptr ? rd_kafka_MemberAssignment_partitions(assignment) : nullptr;
    if (partitions != nullptr) {
        member.partitions = partitionsOf(*partitions);
    }
    return member;
}

} // namespace

struct Admin::Impl {
    std::unique_ptr<Client> client;
    Owned<rd_kafka_queue_t> answers;
    std::stop_token stop;

    [[nodiscard]] rd_kafka_t* handle() const { return client->handle(); }

    [[nodiscard]] Error map(int code, std::string_view reason, const ErrorSubject& subject) const
    {
        return mapError(code, reason, client->connection(), subject);
    }

    /// Begins a question: a fresh queue, so that an answer that comes too late is nobody's, and its options.
    [[nodiscard]] Owned<rd_kafka_AdminOptions_t> begin(rd_kafka_admin_op_t operation, Millis timeout)
    {
        answers.reset(rd_kafka_queue_new(handle()));
        Owned<rd_kafka_AdminOptions_t> made(rd_kafka_AdminOptions_new(handle(), operation));
        std::array<char, 256> reason{};
        rd_kafka_AdminOptions_set_request_timeout(made.get(), milliseconds(timeout), reason.data(),
                                                  reason.size());
        return made;
    }

    /// The answer to what was just asked.
    [[nodiscard]] Result<Owned<rd_kafka_event_t>> wait(rd_kafka_event_type_t type, Millis timeout,
                                                       const ErrorSubject& subject)
    {
        constexpr Millis kGrace{500}; // the library's own timeout comes first and says more
        const auto deadline = std::chrono::steady_clock::now() + timeout + kGrace;
        while (true) {
            Owned<rd_kafka_event_t> event(rd_kafka_queue_poll(answers.get(), milliseconds(kStopSlice)));
            while (rd_kafka_poll(handle(), 0) > 0) {
            }
            if (event == nullptr) {
                if (stop.stop_requested()) {
                    return Error{Errc::Cancelled, "Asked to stop while waiting for a broker."};
                }
                if (std::chrono::steady_clock::now() > deadline) {
                    return unanswered(subject);
                }
                continue;
            }
            if (rd_kafka_event_type(event.get()) != type) {
                continue;
            }
            const rd_kafka_resp_err_t code = rd_kafka_event_error(event.get());
            if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
                client->noteSuccess();
                return event;
            }
            if (code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__TRANSPORT) {
                return unanswered(subject);
            }
            return map(code, textOf(rd_kafka_event_error_string(event.get())), subject);
        }
    }

    [[nodiscard]] Error unanswered(const ErrorSubject& subject) const
    {
        Error error = map(RD_KAFKA_RESP_ERR__TIMED_OUT, "", subject);
        if (const Error cause = client->lastError(); !cause.message.empty()) {
            return cause;
        }
        return error;
    }

    /// The error of the first topic of an answer.
    [[nodiscard]] Result<void> firstError(const rd_kafka_topic_result_t* const* results, std::size_t count,
                                          const ErrorSubject& subject) const
    {
        for (std::size_t i = 0; i < count; ++i) {
            const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[i]);
            if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
                return map(code, textOf(rd_kafka_topic_result_error_string(results[i])), subject);
            }
        }
        return {};
    }

    [[nodiscard]] TopicDescription describe(const rd_kafka_metadata_topic_t& found) const
    {
        TopicDescription topic{.name = found.topic, .partitions = {}, .error = std::nullopt};
        if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            topic.error = map(found.err, "", {.topic = topic.name, .doing = "describe"});
        }
        for (int i = 0; i < found.partition_cnt; ++i) {
            const rd_kafka_metadata_partition_t& partition = found.partitions[i];
            topic.partitions.push_back(
                {partition.id, partition.leader, partition.replica_cnt, partition.isr_cnt});
        }
        std::sort(topic.partitions.begin(), topic.partitions.end(),
                  [](const PartitionDescription& a, const PartitionDescription& b) { return a.id < b.id; });
        return topic;
    }

    [[nodiscard]] std::vector<PartitionOffset> offsetsOf(const rd_kafka_topic_partition_list_t& list,
                                                         std::string_view group) const
    {
        std::vector<PartitionOffset> offsets;
        for (int i = 0; i < list.cnt; ++i) {
            const rd_kafka_topic_partition_t& entry = list.elems[i];
            PartitionOffset one{.where = {entry.topic, entry.partition},
                                .offset = entry.offset < 0 ? kOffsetNone : entry.offset,
                                .metadata = {},
                                .error = std::nullopt};
            if (entry.metadata != nullptr) {
                one.metadata.assign(static_cast<const char*>(entry.metadata), entry.metadata_size);
            }
            if (entry.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
                one.error = map(entry.err, "", {.topic = one.where.topic, .group = group});
            }
            offsets.push_back(std::move(one));
        }
        return offsets;
    }
};

Admin::Admin(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Admin::~Admin() = default;

Result<std::unique_ptr<Admin>> Admin::create(const ConnectionConfig& connection)
{
    auto config = ClientConfig::forAdmin(connection);
    if (!config) {
        return config.error();
    }
    auto impl = std::make_unique<Impl>();
    auto client = Client::create(Client::Kind::Producer, std::move(*config), connection, nullptr, impl.get());
    if (!client) {
        return client.error();
    }
    impl->client = std::move(*client);
    return std::unique_ptr<Admin>(new Admin(std::move(impl)));
}

Result<ClusterDescription> Admin::describeCluster(Millis timeout)
{
    auto metadata = m_impl->client->metadata(nullptr, timeout, m_impl->stop);
    if (!metadata) {
        return metadata.error();
    }
    ClusterDescription cluster;
    const rd_kafka_metadata_t& found = **metadata;
    for (int i = 0; i < found.broker_cnt; ++i) {
        cluster.brokers.push_back({found.brokers[i].id, found.brokers[i].host, found.brokers[i].port});
    }
    std::sort(cluster.brokers.begin(), cluster.brokers.end(),
              [](const BrokerDescription& a, const BrokerDescription& b) { return a.id < b.id; });
    for (int i = 0; i < found.topic_cnt; ++i) {
        cluster.topics.push_back(m_impl->describe(found.topics[i]));
    }
    std::sort(cluster.topics.begin(), cluster.topics.end(),
              [](const TopicDescription& a, const TopicDescription& b) { return a.name < b.name; });
    if (auto id = clusterId(timeout)) {
        cluster.clusterId = *id;
    }
    return cluster;
}

Result<TopicDescription> Admin::describeTopic(const std::string& name, Millis timeout)
{
    const Owned<rd_kafka_topic_t> topic(rd_kafka_topic_new(m_impl->handle(), name.c_str(), nullptr));
    if (topic == nullptr) {
        return m_impl->map(rd_kafka_last_error(), "", {.topic = name, .doing = "describe"});
    }
    auto metadata = m_impl->client->metadata(topic.get(), timeout, m_impl->stop);
    if (!metadata) {
        return metadata.error();
    }
    TopicDescription description = m_impl->describe((*metadata)->topics[0]);
    if (description.error) {
        return *description.error;
    }
    return description;
}

Result<std::string> Admin::clusterId(Millis timeout)
{
    char* const id = rd_kafka_clusterid(m_impl->handle(), milliseconds(timeout));
    if (id == nullptr) {
        return m_impl->unanswered({.doing = "ask for the id of the cluster"});
    }
    std::string text(id);
    rd_kafka_mem_free(m_impl->handle(), id);
    return text;
}

Result<std::vector<std::string>> Admin::allowedTopicOperations(const std::string& name, Millis timeout)
{
    const ErrorSubject subject{.topic = name, .doing = "describe"};
    const char* names[] = {name.c_str()};
    const Owned<rd_kafka_TopicCollection_t> topics(rd_kafka_TopicCollection_of_topic_names(names, 1));
    const auto options = m_impl->begin(RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, timeout);
    if (rd_kafka_error_t* const refused =
            rd_kafka_AdminOptions_set_include_authorized_operations(options.get(), 1)) {
        return mapError(refused, m_impl->client->connection(), subject);
    }
    rd_kafka_DescribeTopics(m_impl->handle(), topics.get(), options.get(), m_impl->answers.get());
    auto event = m_impl->wait(RD_KAFKA_EVENT_DESCRIBETOPICS_RESULT, timeout, subject);
    if (!event) {
        return event.error();
    }
    std::size_t count = 0;
    const auto* const* const found =
        rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(event->get()), &count);
    if (count == 0) {
        return m_impl->map(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "", subject);
    }
    const rd_kafka_error_t* const error = rd_kafka_TopicDescription_error(found[0]);
    if (error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return m_impl->map(rd_kafka_error_code(error), textOf(rd_kafka_error_string(error)), subject);
    }
    std::size_t operationCount = 0;
    const rd_kafka_AclOperation_t* const operations =
        rd_kafka_TopicDescription_authorized_operations(found[0], &operationCount);
    return operationNames(operations, operationCount);
}

Result<void> Admin::createTopic(const NewTopic& topic, Millis timeout)
{
    const ErrorSubject subject{.topic = topic.name, .doing = "create"};
    std::array<char, 512> reason{};
    const Owned<rd_kafka_NewTopic_t> request(rd_kafka_NewTopic_new(
        topic.name.c_str(), topic.partitions, topic.replicationFactor, reason.data(), reason.size()));
    if (request == nullptr) {
        return m_impl->map(RD_KAFKA_RESP_ERR__INVALID_ARG, reason.data(), subject);
    }
    for (const auto& [key, value] : topic.config) {
        rd_kafka_NewTopic_set_config(request.get(), key.c_str(), value.c_str());
    }
    const auto options = m_impl->begin(RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout);
    // Wait until the brokers know it, so that the next request finds it.
    rd_kafka_AdminOptions_set_operation_timeout(options.get(), milliseconds(timeout), reason.data(),
                                                reason.size());
    rd_kafka_NewTopic_t* requests[] = {request.get()};
    rd_kafka_CreateTopics(m_impl->handle(), requests, 1, options.get(), m_impl->answers.get());
    auto event = m_impl->wait(RD_KAFKA_EVENT_CREATETOPICS_RESULT, timeout, subject);
    if (!event) {
        return event.error();
    }
    std::size_t count = 0;
    const auto* const* const results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
    if (auto made = m_impl->firstError(results, count, subject); !made) {
        return made;
    }
    return waitUntilKnown(topic.name, timeout);
}

Result<void> Admin::waitUntilKnown(const std::string& topic, Millis timeout)
{
    // Each question may go to another broker, and those that are not the controller hear of a new topic
    // later.
    constexpr int kAnswersPerBroker = 2;
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    int needed = kAnswersPerBroker;
    for (int known = 0; known < needed;) {
        auto metadata = m_impl->client->metadata(nullptr, timeout, m_impl->stop);
        if (!metadata) {
            return metadata.error();
        }
        const rd_kafka_metadata_t& cluster = **metadata;
        needed = kAnswersPerBroker * cluster.broker_cnt;
        const bool there = std::any_of(
            cluster.topics, cluster.topics + cluster.topic_cnt, [&](const rd_kafka_metadata_topic_t& found) {
                return found.topic == topic && found.err == RD_KAFKA_RESP_ERR_NO_ERROR &&
                       found.partition_cnt > 0;
            });
        known = there ? known + 1 : 0;
        if (std::chrono::steady_clock::now() > deadline) {
            return m_impl->map(RD_KAFKA_RESP_ERR__TIMED_OUT, "not all brokers know it yet",
                               {.topic = topic, .doing = "create"});
        }
    }
    return {};
}

Result<void> Admin::deleteTopic(const std::string& name, Millis timeout)
{
    const ErrorSubject subject{.topic = name, .doing = "delete"};
    const Owned<rd_kafka_DeleteTopic_t> request(rd_kafka_DeleteTopic_new(name.c_str()));
    const auto options = m_impl->begin(RD_KAFKA_ADMIN_OP_DELETETOPICS, timeout);
    rd_kafka_DeleteTopic_t* requests[] = {request.get()};
    rd_kafka_DeleteTopics(m_impl->handle(), requests, 1, options.get(), m_impl->answers.get());
    auto event = m_impl->wait(RD_KAFKA_EVENT_DELETETOPICS_RESULT, timeout, subject);
    if (!event) {
        return event.error();
    }
    std::size_t count = 0;
    const auto* const* const results =
        rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event->get()), &count);
    return m_impl->firstError(results, count, subject);
}

Result<void> Admin::deleteRecords(std::span<const PartitionOffset> before, Millis timeout)
{
    const ErrorSubject subject{.doing = "delete records"};
    const PartitionList list = makePartitionList(before);
    const Owned<rd_kafka_DeleteRecords_t> request(rd_kafka_DeleteRecords_new(list.get()));
    const auto options = m_impl->begin(RD_KAFKA_ADMIN_OP_DELETERECORDS, timeout);
    rd_kafka_DeleteRecords_t* requests[] = {request.get()};
    rd_kafka_DeleteRecords(m_impl->handle(), requests, 1, options.get(), m_impl->answers.get());
    auto event = m_impl->wait(RD_KAFKA_EVENT_DELETERECORDS_RESULT, timeout, subject);
    if (!event) {
        return event.error();
    }
    const auto* const result =
        rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event->get()));
    for (int i = 0; i < result->cnt; ++i) {
        if (result->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return m_impl->map(result->elems[i].err, "",
                               {.topic = result->elems[i].topic, .doing = "delete records of"});
        }
    }
    return {};
}

Result<std::map<std::string, std::string>> Admin::topicConfig(const std::string& name, Millis timeout)
{
    const ErrorSubject subject{.topic = name, .doing = "read the configuration of"};
    const Owned<rd_kafka_ConfigResource_t> resource(
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
    const auto options = m_impl->begin(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout);
    rd_kafka_ConfigResource_t* resources[] = {resource.get()};
    rd_kafka_DescribeConfigs(m_impl->handle(), resources, 1, options.get(), m_impl->answers.get());
    auto event = m_impl->wait(RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT, timeout, subject);
    if (!event) {
        return event.error();
    }
    std::size_t count = 0;
    const auto* const* const results = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(event->get()), &count);
    std::map<std::string, std::string> config;
    for (std::size_t i = 0; i < count; ++i) {
        const rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(results[i]);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return m_impl->map(code, textOf(rd_kafka_ConfigResource_error_string(results[i])), subject);
        }
        std::size_t entries = 0;
        const auto* const* const found = rd_kafka_ConfigResource_configs(results[i], &entries);
        for (std::size_t entry = 0; entry < entries; ++entry) {
            config[rd_kafka_ConfigEntry_name(found[entry])] =
                textOf(rd_kafka_ConfigEntry_value(found[entry]));
        }
    }
    return config;
}

Result<GroupDescription> Admin::describeGroup(const std::string& groupId, Millis timeout)
{
    const ErrorSubject subject{.group = groupId, .doing = "describe"};
    const auto options = m_impl->begin(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, timeout);
    if (rd_kafka_error_t* const refused =
            rd_kafka_AdminOptions_set_include_authorized_operations(options.get(), 1)) {
        return mapError(refused, m_impl->client->connection(), subject);
    }
    const char* groups[] = {groupId.c_str()};
    rd_kafka_DescribeConsumerGroups(m_impl->handle(), groups, 1, options.get(), m_impl->answers.get());
    auto event = m_impl->wait(RD_KAFKA_EVENT_DESCRIBECONSUMERGROUPS_RESULT, timeout, subject);
    if (!event) {
        return event.error();
    }
    std::size_t count = 0;
    const auto* const* const found = rd_kafka_DescribeConsumerGroups_result_groups(
        rd_kafka_event_DescribeConsumerGroups_result(event->get()), &count);
    if (count == 0) {
        return m_impl->map(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, "", subject);
    }
    const rd_kafka_error_t* const error = rd_kafka_ConsumerGroupDescription_error(found[0]);
    if (error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return m_impl->map(rd_kafka_error_code(error), textOf(rd_kafka_error_string(error)), subject);
    }
    GroupDescription group;
    group.groupId = groupId;
    group.state = rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(found[0]));
    const std::size_t members = rd_kafka_ConsumerGroupDescription_member_count(found[0]);
    for (std::size_t i = 0; i < members; ++i) {
        group.members.push_back(memberOf(*rd_kafka_ConsumerGroupDescription_member(found[0], i)));
    }
    std::size_t operationCount = 0;
    const rd_kafka_AclOperation_t* const operations =
        rd_kafka_ConsumerGroupDescription_authorized_operations(found[0], &operationCount);
    group.allowedOperations = operationNames(operations, operationCount);
    return group;
}

Result<void> Admin::deleteGroup(const std::string& groupId, Millis timeout)
{
    const ErrorSubject subject{.group = groupId, .doing = "delete"};
    const Owned<rd_kafka_DeleteGroup_t> request(rd_kafka_DeleteGroup_new(groupId.c_str()));
    const auto options = m_impl->begin(RD_KAFKA_ADMIN_OP_DELETEGROUPS, timeout);
    rd_kafka_DeleteGroup_t* requests[] = {request.get()};
    rd_kafka_DeleteGroups(m_impl->handle(), requests, 1, options.get(), m_impl->answers.get());
    auto event = m_impl->wait(RD_KAFKA_EVENT_DELETEGROUPS_RESULT, timeout, subject);
    if (!event) {
        return event.error();
    }
    std::size_t count = 0;
    const auto* const* const results =
        rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event->get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
        if (const rd_kafka_error_t* const error = rd_kafka_group_result_error(results[i])) {
            return m_impl->map(rd_kafka_error_code(error), textOf(rd_kafka_error_string(error)), subject);
        }
    }
    return {};
}

Result<std::vector<PartitionOffset>> Admin::committedOffsets(const std::string& groupId,
                                                             std::span<const TopicPartition> partitions,
                                                             Millis timeout)
{
    const ErrorSubject subject{.group = groupId, .doing = "read the committed offsets of"};
    const PartitionList list = makePartitionList(partitions);
    const Owned<rd_kafka_ListConsumerGroupOffsets_t> request(
        rd_kafka_ListConsumerGroupOffsets_new(groupId.c_str(), list.get()));
    const auto options = m_impl->begin(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeout);
    rd_kafka_ListConsumerGroupOffsets_t* requests[] = {request.get()};
    rd_kafka_ListConsumerGroupOffsets(m_impl->handle(), requests, 1, options.get(), m_impl->answers.get());
    auto event = m_impl->wait(RD_KAFKA_EVENT_LISTCONSUMERGROUPOFFSETS_RESULT, timeout, subject);
    if (!event) {
        return event.error();
    }
    std::size_t count = 0;
    const auto* const* const results = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(event->get()), &count);
    if (count == 0) {
        return m_impl->map(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, "", subject);
    }
    if (const rd_kafka_error_t* const error = rd_kafka_group_result_error(results[0])) {
        return m_impl->map(rd_kafka_error_code(error), textOf(rd_kafka_error_string(error)), subject);
    }
    const auto* const offsets = rd_kafka_group_result_partitions(results[0]);
    return offsets != nullptr ? m_impl->offsetsOf(*offsets, groupId) : std::vector<PartitionOffset>{};
}

Result<void> Admin::alterCommittedOffsets(const std::string& groupId,
                                          std::span<const PartitionOffset> offsets, Millis timeout)
{
    const ErrorSubject subject{.group = groupId, .doing = "set the offsets of"};
    const PartitionList list = makePartitionList(offsets);
    const Owned<rd_kafka_AlterConsumerGroupOffsets_t> request(
        rd_kafka_AlterConsumerGroupOffsets_new(groupId.c_str(), list.get()));
    const auto options = m_impl->begin(RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS, timeout);
    rd_kafka_AlterConsumerGroupOffsets_t* requests[] = {request.get()};
    rd_kafka_AlterConsumerGroupOffsets(m_impl->handle(), requests, 1, options.get(), m_impl->answers.get());
    auto event = m_impl->wait(RD_KAFKA_EVENT_ALTERCONSUMERGROUPOFFSETS_RESULT, timeout, subject);
    if (!event) {
        return event.error();
    }
    std::size_t count = 0;
    const auto* const* const results = rd_kafka_AlterConsumerGroupOffsets_result_groups(
        rd_kafka_event_AlterConsumerGroupOffsets_result(event->get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
        if (const rd_kafka_error_t* const error = rd_kafka_group_result_error(results[i])) {
            return m_impl->map(rd_kafka_error_code(error), textOf(rd_kafka_error_string(error)), subject);
        }
        const auto* const answered = rd_kafka_group_result_partitions(results[i]);
        for (int entry = 0; answered != nullptr && entry < answered->cnt; ++entry) {
            const rd_kafka_resp_err_t code = answered->elems[entry].err;
            if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
                // A group with members answers so: only they may commit.
                return m_impl->map(
                    code == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ? RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP : code,
                    "", subject);
            }
        }
    }
    return {};
}

Result<std::vector<PartitionOffset>> Admin::listOffsets(std::span<const OffsetSpec> where, bool readCommitted,
                                                        Millis timeout)
{
    const ErrorSubject subject{.doing = "find offsets"};
    if (where.empty()) {
        return std::vector<PartitionOffset>{};
    }
    const PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(where.size())));
    for (const OffsetSpec& spec : where) {
        rd_kafka_topic_partition_list_add(list.get(), spec.where.topic.c_str(), spec.where.partition)
            ->offset = spec.timestampMs;
    }
    const auto options = m_impl->begin(RD_KAFKA_ADMIN_OP_LISTOFFSETS, timeout);
    if (rd_kafka_error_t* const refused = rd_kafka_AdminOptions_set_isolation_level(
            options.get(), readCommitted ? RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED
                                         : RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED)) {
        return mapError(refused, m_impl->client->connection(), subject);
    }
    rd_kafka_ListOffsets(m_impl->handle(), list.get(), options.get(), m_impl->answers.get());
    auto event = m_impl->wait(RD_KAFKA_EVENT_LISTOFFSETS_RESULT, timeout, subject);
    if (!event) {
        return event.error();
    }
    std::size_t count = 0;
    const auto* const* const results =
        rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event->get()), &count);
    std::vector<PartitionOffset> offsets;
    offsets.reserve(where.size());
    for (const OffsetSpec& spec : where) { // the answer has an order of its own
        PartitionOffset one{
            .where = spec.where, .offset = kOffsetNone, .metadata = {}, .error = std::nullopt};
        for (std::size_t i = 0; i < count; ++i) {
            const rd_kafka_topic_partition_t* const found =
                rd_kafka_ListOffsetsResultInfo_topic_partition(results[i]);
            if (found->partition != spec.where.partition || spec.where.topic != found->topic) {
                continue;
            }
            one.offset = found->offset;
            if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
                one.error =
                    m_impl->map(found->err, "", {.topic = spec.where.topic, .doing = "find offsets in"});
            }
        }
        offsets.push_back(std::move(one));
    }
    return offsets;
}

void Admin::setStopToken(std::stop_token stop)
{
    m_impl->stop = std::move(stop);
}

Error Admin::lastError() const
{
    return m_impl->client->lastError();
}

} // namespace streamwright::kafka
