#pragma once

// Compiled once per library: what nearly every file of the Studio includes. Files still include what they
// use.
#include <nlohmann/json.hpp>

#include <QtWidgets>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>
