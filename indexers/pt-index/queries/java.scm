(class_declaration name: (identifier) @name) @def.class
(record_declaration name: (identifier) @name) @def.class
(interface_declaration name: (identifier) @name) @def.interface
(annotation_type_declaration name: (identifier) @name) @def.interface
(enum_declaration name: (identifier) @name) @def.enum
(method_declaration name: (identifier) @name) @def.method
(annotation_type_element_declaration name: (identifier) @name) @def.method
(constructor_declaration name: (identifier) @name) @def.method
(compact_constructor_declaration name: (identifier) @name) @def.method
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @def.capitals

(method_invocation name: (identifier) @call.name) @call.in
(method_reference) @value
(object_creation_expression type: (_) @call)
(superclass (_) @base)
(super_interfaces (type_list (_) @trait))
(extends_interfaces (type_list (_) @base))
(type_identifier) @type
(marker_annotation name: (_) @type)
(annotation name: (_) @type)
(identifier) @constant
(import_declaration (scoped_identifier) @import)
(enum_constant name: (identifier) @nothing)

(package_declaration [(identifier) (scoped_identifier)] @package)
(import_declaration [(identifier) (scoped_identifier)] @from)
(formal_parameter type: (_) @bind.type name: (identifier) @bind)
(record_declaration parameters: (formal_parameters (formal_parameter type: (_) @bind.type name: (identifier) @bind.field)))
(spread_parameter [(type_identifier) (scoped_type_identifier) (generic_type) (array_type) (integral_type) (floating_point_type) (boolean_type)] @bind.type (variable_declarator name: (identifier) @bind))
(local_variable_declaration type: (_) @bind.type declarator: (variable_declarator name: (identifier) @bind value: (_)? @bind.value))
(field_declaration type: (_) @bind.type declarator: (variable_declarator name: (identifier) @bind.field))
(constant_declaration type: (_) @bind.type declarator: (variable_declarator name: (identifier) @bind.field))
(enum_constant name: (identifier) @bind.field)
(enhanced_for_statement type: (_) @bind.type name: (identifier) @bind)
(catch_formal_parameter (catch_type . (_) @bind.type) name: (identifier) @bind)
(resource type: (_) @bind.type name: (identifier) @bind value: (_) @bind.value)
(instanceof_expression right: (_) @bind.type name: (identifier) @bind)
(lambda_expression parameters: (identifier) @bind)
(inferred_parameters (identifier) @bind)
(type_parameter (type_identifier) @bind (type_bound . (_) @bind.type)?)
