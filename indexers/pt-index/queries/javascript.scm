(function_declaration name: (identifier) @name) @def.function
(generator_function_declaration name: (identifier) @name) @def.function
(method_definition name: (_) @name) @def.method
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @def.function
(variable_declarator name: (identifier) @name value: (class)) @def.class
(assignment_expression left: [(identifier) (member_expression)] @name right: [(arrow_function) (function_expression) (generator_function)]) @def.function
(assignment_expression left: [(identifier) (member_expression)] @name right: (class)) @def.class
(pair key: (property_identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @def.method
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

(import_statement (import_clause (identifier) @from.default) source: (string) @from)
(import_statement (import_clause (namespace_import (identifier) @from.all)) source: (string) @from)
(import_statement (import_clause (named_imports (import_specifier name: (identifier) @from.name !alias))) source: (string) @from)
(import_statement (import_clause (named_imports (import_specifier name: (identifier) @from.name alias: (identifier) @bind))) source: (string) @from)
(variable_declarator name: (identifier) @from.all value: (call_expression function: (identifier) @require arguments: (arguments . (string) @from .)))
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @from.name) value: (call_expression function: (identifier) @require arguments: (arguments . (string) @from .)))
(variable_declarator name: (object_pattern (pair_pattern key: (property_identifier) @from.name value: (identifier) @bind)) value: (call_expression function: (identifier) @require arguments: (arguments . (string) @from .)))
(arrow_function parameter: (identifier) @bind.given)
(variable_declarator name: (identifier) @bind)
(variable_declarator name: (identifier) @bind value: (_) @bind.value)
(object_pattern (shorthand_property_identifier_pattern) @bind)
(object_pattern (object_assignment_pattern left: (shorthand_property_identifier_pattern) @bind))
(pair_pattern value: (identifier) @bind)
(array_pattern (identifier) @bind)
(rest_pattern (identifier) @bind)
(catch_clause parameter: (identifier) @bind)
(for_in_statement left: (identifier) @bind)
(assignment_expression left: (identifier) @bind.set right: (_) @bind.value)
(assignment_expression left: (member_expression object: (this)) @bind right: (_) @bind.value)
(formal_parameters (identifier) @bind.given)
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @bind) value: (_) @bind.of)
(variable_declarator name: (object_pattern (pair_pattern key: (property_identifier) @bind.key value: (identifier) @bind)) value: (_) @bind.of)
(formal_parameters (assignment_pattern left: (identifier) @bind))
(field_definition property: (_) @bind.field value: (_) @bind.value)

(export_statement (export_clause (export_specifier name: (_) @out !alias)) !source)
(export_statement (export_clause (export_specifier name: (_) @out alias: (_) @out.as)) !source)
(export_statement (export_clause (export_specifier name: (_) @out !alias)) source: (string) @out.from)
(export_statement (export_clause (export_specifier name: (_) @out alias: (_) @out.as)) source: (string) @out.from)
(export_statement "*" source: (string) @out.all)
(export_statement (namespace_export (_) @out.as) source: (string) @out.from)
(export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @out)))
(export_statement value: (identifier) @out.default)
(export_statement "default" declaration: (_ name: (_) @out.default))
(return_statement (_) @gives)
(arrow_function body: [(identifier) (this) (member_expression) (call_expression) (new_expression) (await_expression) (parenthesized_expression)] @gives)
(call_expression function: (_) @tests arguments: (arguments . [(string) (template_string) (identifier) (member_expression)] @name [(arrow_function) (function_expression)])) @def.test
(variable_declarator name: (identifier) @name value: (call_expression function: (_) @wraps)) @def.function
(lexical_declaration . (variable_declarator name: (identifier) @name value: (call_expression function: (_) @wraps)) .) @def.function
(export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name value: (call_expression function: (_) @wraps)))) @def.function

(arguments [(identifier) (member_expression)] @value)
(pair value: [(identifier) (member_expression)] @value)
(object (shorthand_property_identifier) @value)
(array [(identifier) (member_expression)] @value)
(assignment_expression right: [(identifier) (member_expression)] @value)
(variable_declarator value: [(identifier) (member_expression)] @value)
(assignment_pattern right: [(identifier) (member_expression)] @value)
(return_statement [(identifier) (member_expression)] @value)
(arrow_function body: [(identifier) (member_expression)] @value)
(ternary_expression consequence: [(identifier) (member_expression)] @value)
(ternary_expression alternative: [(identifier) (member_expression)] @value)
(binary_expression operator: ["||" "??" "&&"] right: [(identifier) (member_expression)] @value)
(call_expression function: (member_expression object: [(identifier) (member_expression)] @value property: (property_identifier) @binds))
(export_statement value: (identifier) @value)
(export_specifier name: (identifier) @value)
(field_definition value: [(identifier) (member_expression)] @value)
(jsx_expression [(identifier) (member_expression)] @value)
