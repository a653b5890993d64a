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

(argument [(identifier) (member_access_expression)] @value .)
(variable_declarator name: (_) [(identifier) (member_access_expression)] @value .)
(assignment_expression right: [(identifier) (member_access_expression)] @value)
(return_statement [(identifier) (member_access_expression)] @value)
(initializer_expression [(identifier) (member_access_expression)] @value)
(arrow_expression_clause [(identifier) (member_access_expression)] @value)
(lambda_expression body: [(identifier) (member_access_expression)] @value)
(conditional_expression consequence: [(identifier) (member_access_expression)] @value)
(conditional_expression alternative: [(identifier) (member_access_expression)] @value)
(property_declaration value: [(identifier) (member_access_expression)] @value)

(parameter name: (identifier) @bind)
(variable_declarator name: (identifier) @bind)
(implicit_parameter) @bind
(foreach_statement left: (identifier) @bind)
(catch_declaration name: (identifier) @bind)
(declaration_pattern name: (identifier) @bind)
(declaration_expression name: (identifier) @bind)
(tuple_pattern name: (identifier) @bind)
