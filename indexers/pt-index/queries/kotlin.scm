(function_declaration (simple_identifier) @name) @def.function
(class_declaration (type_identifier) @name) @def.class
(class_declaration "interface" (type_identifier) @name) @def.interface
(class_declaration "enum" (type_identifier) @name) @def.enum
(object_declaration (type_identifier) @name) @def.object
(type_alias (type_identifier) @name) @def.typedef
(source_file (property_declaration (variable_declaration (simple_identifier) @name)) @def.capitals)
(class_body (property_declaration (variable_declaration (simple_identifier) @name)) @def.capitals)

(call_expression . (_) @call)
(delegation_specifier (constructor_invocation (user_type) @base))
(delegation_specifier (user_type) @trait)
(user_type (type_identifier) @type)
(simple_identifier) @constant
(import_header (identifier) @import)
(call_expression (call_expression (simple_identifier) @tests (call_suffix (value_arguments . (value_argument (string_literal) @name) .))) (call_suffix (annotated_lambda))) @def.test
(callable_reference) @value
(navigation_expression (navigation_suffix "::")) @value
((ERROR "fun" (user_type (type_identifier) @nothing) (simple_identifier) @name) . (lambda_literal) @def.interface)
