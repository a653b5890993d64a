(function_declaration name: (identifier) @name) @def.function
(generator_function_declaration name: (identifier) @name) @def.function
(method_definition name: (_) @name) @def.method
(abstract_method_signature name: (_) @name) @def.method
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @def.function
(variable_declarator name: (identifier) @name value: (class)) @def.class
(assignment_expression left: [(identifier) (member_expression)] @name right: [(arrow_function) (function_expression) (generator_function)]) @def.function
(pair key: (property_identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @def.function
(public_field_definition name: (_) @name value: [(arrow_function) (function_expression)]) @def.method
(class_declaration name: (_) @name) @def.class
(abstract_class_declaration name: (_) @name) @def.class
(interface_declaration name: (_) @name) @def.interface
(enum_declaration name: (identifier) @name) @def.enum
(type_alias_declaration name: (_) @name) @def.typedef
(internal_module name: (_) @name) @def.namespace
(module name: (identifier) @name) @def.namespace
(program (lexical_declaration (variable_declarator name: (identifier) @name) @def.capitals))
(program (export_statement (lexical_declaration (variable_declarator name: (identifier) @name) @def.capitals)))

(call_expression function: (_) @call)
(call_expression function: (identifier) @require arguments: (arguments . (string) @import .))
(new_expression constructor: (_) @call)
(decorator [(identifier) (member_expression)] @call)
(extends_clause value: [(identifier) (member_expression)] @base)
(extends_type_clause type: [(type_identifier) (nested_type_identifier)] @base)
(extends_type_clause type: (generic_type name: (_) @base))
(implements_clause [(type_identifier) (nested_type_identifier)] @trait)
(implements_clause (generic_type name: (_) @trait))
(type_identifier) @type
(identifier) @constant
(import_statement source: (string) @import)
(export_statement source: (string) @import)
(export_statement declaration: (function_declaration name: (identifier) @name)) @def.function
(export_statement declaration: (generator_function_declaration name: (identifier) @name)) @def.function
(export_statement declaration: (class_declaration name: (_) @name)) @def.class
(export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)]))) @def.function
(lexical_declaration . (variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)]) .) @def.function
(export_statement declaration: (interface_declaration name: (_) @name)) @def.interface
(export_statement declaration: (abstract_class_declaration name: (_) @name)) @def.class
(export_statement declaration: (enum_declaration name: (_) @name)) @def.enum
(export_statement declaration: (type_alias_declaration name: (_) @name)) @def.typedef
