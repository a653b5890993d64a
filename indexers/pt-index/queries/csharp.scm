(class_declaration name: (identifier) @name) @def.class
(record_declaration name: (identifier) @name) @def.class
(struct_declaration name: (identifier) @name) @def.struct
(interface_declaration name: (identifier) @name) @def.interface
(enum_declaration name: (identifier) @name) @def.enum
(delegate_declaration name: (identifier) @name) @def.typedef
(namespace_declaration name: (_) @name) @def.namespace
(method_declaration name: (identifier) @name) @def.method
(constructor_declaration name: (identifier) @name) @def.method
(local_function_statement name: (identifier) @name) @def.function
(property_declaration name: (identifier) @name) @def.property
(indexer_declaration "this" @name) @def.property
(operator_declaration operator: _ @name) @def.method
(conversion_operator_declaration type: (_) @name) @def.method
(destructor_declaration name: (identifier) @name) @def.method
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @def.property
(field_declaration (modifier "const") (variable_declaration (variable_declarator name: (identifier) @name))) @def.constant
(field_declaration (modifier "readonly") (variable_declaration (variable_declarator name: (identifier) @name))) @def.capitals

(invocation_expression function: (_) @call)
(object_creation_expression type: (_) @call)
(base_list (_) @base)
(parameter type: (_) @type)
(variable_declaration type: (_) @type)
(method_declaration returns: (_) @type)
(property_declaration type: (_) @type)
(type_argument_list (_) @type)
(attribute name: (_) @type)
(identifier) @constant
(using_directive (qualified_name) @import)
(using_directive (identifier) @import)
(enum_member_declaration name: (identifier) @nothing)
