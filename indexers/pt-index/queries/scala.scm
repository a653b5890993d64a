(function_definition name: (_) @name) @def.function
(function_declaration name: (_) @name) @def.function
(class_definition name: (_) @name) @def.class
(object_definition name: (_) @name) @def.object
(package_object name: (_) @name) @def.object
(template_body (val_definition pattern: (identifier) @name) @def.capitals)
(trait_definition name: (_) @name) @def.trait
(enum_definition name: (_) @name) @def.enum
(type_definition name: (_) @name) @def.typedef

(call_expression function: (_) @call)
(instance_expression (type_identifier) @call)
(instance_expression (generic_type type: (_) @call))
(extends_clause (type_identifier) @base)
(extends_clause (generic_type type: (_) @base))

(type_identifier) @type
(identifier) @constant
(import_declaration) @import
(call_expression function: (call_expression function: (identifier) @tests arguments: (arguments . (string) @name .)) arguments: (block)) @def.test

(arguments [(identifier) (field_expression)] @value.known)
(val_definition value: [(identifier) (field_expression)] @value.known)
(assignment_expression right: [(identifier) (field_expression)] @value.known)
(infix_expression right: [(identifier) (field_expression)] @value.known)
(postfix_expression . (identifier) @value.known)

(parameter name: (identifier) @bind)
(val_definition pattern: (identifier) @bind)
(var_definition pattern: (identifier) @bind)
(tuple_pattern (identifier) @bind)
(enumerator . (identifier) @bind)
(lambda_expression parameters: (identifier) @bind)
(case_clause pattern: (identifier) @bind)
(case_class_pattern pattern: (identifier) @bind)
