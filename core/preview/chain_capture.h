#pragma once

#include "core/engine/chain_executor.h"
#include "core/node/binding.h"
#include "core/preview/captured_record.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace streamwright {

/// What went through one node.
struct NodeCapture {
    CapturedRecords in;
    std::map<std::string, CapturedRecords, std::less<>> out; ///< by port, the error port too
};

/// Where the nodes of a driven topology write down what they see. Thread: the driver's.
struct CaptureLog {
    std::vector<NodeCapture> nodes;     ///< by number of Topology::nodes
    CapturedRecords written;            ///< by all sinks, in order
    std::vector<std::size_t> writtenBy; ///< the sink of each of them
    CapturedRecords failures;           ///< what left error ports, wired or not, in order
};

/// An operator that writes down what goes in and out of another one.
[[nodiscard]] std::unique_ptr<Operator> captured(std::unique_ptr<Operator> inner, const PlannedNode& node,
                                                 std::size_t index, CaptureLog& log);

/// The end of a chain that writes nowhere: keeps what the sink would have written. A Kafka sink's key, topic,
/// headers and time are worked out as its binding says; partitions are those of the input, since no topic is
/// asked.
[[nodiscard]] std::unique_ptr<ChainSink> capturingSink(const PlannedNode& node, std::size_t index,
                                                       const KafkaSinkBinding* binding,
                                                       const std::string& pipelineName, const Clock& clock,
                                                       CaptureLog& log);

} // namespace streamwright
