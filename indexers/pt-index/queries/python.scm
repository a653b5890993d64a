(function_definition name: (identifier) @name) @def.function
(class_definition name: (identifier) @name) @def.class
(module (expression_statement (assignment left: (identifier) @name) @def.capitals))
(class_definition body: (block (expression_statement (assignment left: (identifier) @name) @def.capitals)))

(call function: (_) @call)
(decorator [(identifier) (attribute)] @call)
(class_definition superclasses: (argument_list [(identifier) (attribute)] @base))
(type (identifier) @type)
(type (attribute) @type)
(type (generic_type (identifier) @type))
(type (subscript value: [(identifier) (attribute)] @type))
(type (binary_operator (identifier) @type))
(except_clause value: [(identifier) (attribute)] @type)
(except_clause value: (as_pattern . [(identifier) (attribute)] @type))
(identifier) @constant
(import_statement name: (dotted_name) @import)
(import_statement name: (aliased_import name: (dotted_name) @import))
(import_from_statement module_name: (_) @import name: (dotted_name) @import.name)
(import_from_statement module_name: (_) @import name: (aliased_import name: (dotted_name) @import.name))
(import_from_statement module_name: (_) @import (wildcard_import))
(decorated_definition definition: (function_definition name: (identifier) @name)) @def.function
(decorated_definition definition: (class_definition name: (identifier) @name)) @def.class
