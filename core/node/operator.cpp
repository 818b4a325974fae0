#include "core/node/operator.h"

namespace streamwright {

Result<void> Operator::open(OperatorContext&)
{
    return {};
}

Demand Operator::demand()
{
    return {};
}

Result<void> Operator::restore(const RestoredState&)
{
    return {};
}

std::string Operator::smallState() const
{
    return {};
}

} // namespace streamwright
