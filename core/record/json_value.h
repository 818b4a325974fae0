#pragma once

/// JSON of the record path: values as indexed views over their original text. One include for all of it.

#include "core/record/json_cursor.h"
#include "core/record/json_editor.h"
#include "core/record/json_indexer.h"
#include "core/record/json_node.h"
#include "core/record/json_path.h"
#include "core/record/json_splice.h"
#include "core/record/json_text.h"
