(function_declaration name: (identifier) @name) @def.function
(generator_function_declaration name: (identifier) @name) @def.function
(method_definition name: (_) @name) @def.method
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @def.function
(variable_declarator name: (identifier) @name value: (class)) @def.class
(assignment_expression left: [(identifier) (member_expression)] @name right: [(arrow_function) (function_expression) (generator_function)]) @def.function
(assignment_expression left: [(identifier) (member_expression)] @name right: (class)) @def.class
(pair key: (property_identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @def.function
(field_definition property: (_) @name value: [(arrow_function) (function_expression)]) @def.method
(class_declaration name: (identifier) @name) @def.class
(program (lexical_declaration (variable_declarator name: (identifier) @name) @def.capitals))
(program (export_statement (lexical_declaration (variable_declarator name: (identifier) @name) @def.capitals)))

(call_expression function: (_) @call)
(call_expression function: (identifier) @require arguments: (arguments . (string) @import .))
(new_expression constructor: (_) @call)
(jsx_opening_element name: (_) @element)
(jsx_self_closing_element name: (_) @element)
(decorator [(identifier) (member_expression)] @call)
(class_heritage [(identifier) (member_expression)] @base)
(identifier) @constant
(import_statement source: (string) @import)
(export_statement source: (string) @import)
(export_statement declaration: (function_declaration name: (identifier) @name)) @def.function
(export_statement declaration: (generator_function_declaration name: (identifier) @name)) @def.function
(export_statement declaration: (class_declaration name: (_) @name)) @def.class
(export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)]))) @def.function
(lexical_declaration . (variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)]) .) @def.function
