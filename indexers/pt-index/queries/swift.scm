(function_declaration name: (simple_identifier) @name) @def.function
(function_declaration name: ["+" "-" "*" "/" "%" "==" "!=" "<" ">" "<=" ">=" (custom_operator)] @name) @def.function
(deinit_declaration "deinit" @name) @def.method
(subscript_declaration "subscript" @name) @def.method
(source_file (property_declaration (pattern (simple_identifier) @name)) @def.capitals)
(class_body (property_declaration (pattern (simple_identifier) @name)) @def.capitals)
(protocol_function_declaration name: (simple_identifier) @name) @def.method
(init_declaration name: "init" @name) @def.method
(class_declaration "class" name: (_) @name) @def.class
(class_declaration "actor" name: (_) @name) @def.class
(class_declaration "struct" name: (_) @name) @def.struct
(class_declaration "enum" name: (_) @name) @def.enum
(class_declaration "extension" name: (_) @name) @def.impl
(protocol_declaration name: (_) @name) @def.protocol
(typealias_declaration name: (type_identifier) @name) @def.typedef

(call_expression . (_) @call)
(inheritance_specifier inherits_from: (user_type) @base)
(user_type (type_identifier) @type)
(import_declaration (identifier) @import)

(value_argument value: [(simple_identifier) (navigation_expression)] @value.known)
(property_declaration value: [(simple_identifier) (navigation_expression)] @value.known)
(assignment result: [(simple_identifier) (navigation_expression)] @value.known)
(control_transfer_statement result: [(simple_identifier) (navigation_expression)] @value.known)
(array_literal element: [(simple_identifier) (navigation_expression)] @value.known)
(dictionary_literal value: [(simple_identifier) (navigation_expression)] @value.known)
(selector_expression [(simple_identifier) (navigation_expression)] @value)

(parameter name: (simple_identifier) @bind)
(lambda_parameter name: (simple_identifier) @bind)
(pattern bound_identifier: (simple_identifier) @bind)
(if_statement bound_identifier: (simple_identifier) @bind)
(guard_statement bound_identifier: (simple_identifier) @bind)
