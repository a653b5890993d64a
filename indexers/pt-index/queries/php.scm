(function_definition name: (name) @name) @def.function
(method_declaration name: (name) @name) @def.method
(class_declaration name: (name) @name) @def.class
(interface_declaration name: (name) @name) @def.interface
(trait_declaration name: (name) @name) @def.trait
(enum_declaration name: (name) @name) @def.enum
(namespace_definition name: (namespace_name) @name body: (_)) @def.namespace
(const_declaration (const_element . (name) @name) @def.constant)

(function_call_expression function: [(name) (qualified_name)] @call)
(member_call_expression name: (name) @call.name) @call.in
(nullsafe_member_call_expression name: (name) @call.name) @call.in
(scoped_call_expression name: (name) @call.name) @call.in
(object_creation_expression [(name) (qualified_name)] @call)
(base_clause (_) @base)
(class_interface_clause (_) @trait)
(use_declaration [(name) (qualified_name)] @trait)
(named_type (_) @type)
(class_constant_access_expression . [(name) (qualified_name)] @type)
(name) @constant
(namespace_use_clause [(name) (qualified_name)] @import)
(require_expression (string) @import)
(require_once_expression (string) @import)
(include_expression (string) @import)
(include_once_expression (string) @import)
(argument (string (string_content) @value.known))
(array_element_initializer (string (string_content) @value.known) .)
