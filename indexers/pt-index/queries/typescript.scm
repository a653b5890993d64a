(function_declaration name: (identifier) @name) @def.function
(generator_function_declaration name: (identifier) @name) @def.function
(method_definition name: (_) @name) @def.method
(abstract_method_signature name: (_) @name) @def.method
(interface_body (method_signature name: (_) @name) @def.method)
(interface_body (property_signature name: (_) @name type: (type_annotation (function_type))) @def.method)
(object_type (method_signature name: (_) @name) @def.method)
(object_type (property_signature name: (_) @name type: (type_annotation (function_type))) @def.method)
(class_body (method_signature name: (_) @name) @def.method)
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @def.function
(variable_declarator name: (identifier) @name value: (class)) @def.class
(assignment_expression left: [(identifier) (member_expression)] @name right: [(arrow_function) (function_expression) (generator_function)]) @def.function
(pair key: (property_identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @def.method
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
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @bind) value: (_) @bind.of)
(variable_declarator name: (object_pattern (pair_pattern key: (property_identifier) @bind.key value: (identifier) @bind)) value: (_) @bind.of)
(_ pattern: (object_pattern (shorthand_property_identifier_pattern) @bind) type: (type_annotation) @bind.of)
(_ pattern: (object_pattern (pair_pattern key: (property_identifier) @bind.key value: (identifier) @bind)) type: (type_annotation) @bind.of)
(required_parameter pattern: (identifier) @bind)
(required_parameter pattern: (identifier) @bind type: (type_annotation) @bind.type)
(required_parameter pattern: (identifier) @bind value: (_) @bind.value)
(optional_parameter pattern: (identifier) @bind)
(optional_parameter pattern: (identifier) @bind type: (type_annotation) @bind.type)
(required_parameter (accessibility_modifier) pattern: (identifier) @bind.field type: (type_annotation) @bind.type)
(required_parameter "readonly" pattern: (identifier) @bind.field type: (type_annotation) @bind.type)
(variable_declarator name: (identifier) @bind type: (type_annotation) @bind.type)
(public_field_definition name: (_) @bind.field type: (type_annotation) @bind.type)
(public_field_definition name: (_) @bind.field value: (_) @bind.value)
(interface_body (property_signature name: (_) @bind.field type: (type_annotation) @bind.type))
(type_alias_declaration value: (object_type (property_signature name: (_) @bind.field type: (type_annotation) @bind.type)))
(_ return_type: (type_annotation (object_type (property_signature name: (_) @bind.result type: (type_annotation) @bind.type))))
(formal_parameters (required_parameter pattern: (identifier) @bind.given !type))
(formal_parameters (required_parameter type: (type_annotation [(function_type parameters: (formal_parameters (_ type: (type_annotation) @bind.gives))) (union_type (parenthesized_type (function_type parameters: (formal_parameters (_ type: (type_annotation) @bind.gives)))))])))
(formal_parameters (optional_parameter type: (type_annotation [(function_type parameters: (formal_parameters (_ type: (type_annotation) @bind.gives))) (union_type (parenthesized_type (function_type parameters: (formal_parameters (_ type: (type_annotation) @bind.gives)))))])))

(export_statement (export_clause (export_specifier name: (_) @out !alias)) !source)
(export_statement (export_clause (export_specifier name: (_) @out alias: (_) @out.as)) !source)
(export_statement (export_clause (export_specifier name: (_) @out !alias)) source: (string) @out.from)
(export_statement (export_clause (export_specifier name: (_) @out alias: (_) @out.as)) source: (string) @out.from)
(export_statement "*" source: (string) @out.all)
(export_statement (namespace_export (_) @out.as) source: (string) @out.from)
(export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @out)))
(export_statement value: (identifier) @out.default)
(export_statement "default" declaration: (_ name: (_) @out.default))
(required_parameter pattern: (this) @bind type: (type_annotation) @bind.type)
(return_statement (_) @gives)
(arrow_function body: [(identifier) (this) (member_expression) (call_expression) (new_expression) (await_expression) (parenthesized_expression) (as_expression)] @gives)

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
(public_field_definition value: [(identifier) (member_expression)] @value)
(required_parameter value: [(identifier) (member_expression)] @value)
(as_expression . [(identifier) (member_expression)] @value)
(satisfies_expression . [(identifier) (member_expression)] @value)
(non_null_expression [(identifier) (member_expression)] @value)
