(function_declaration name: (identifier) @name) @def.function
(method_declaration receiver: (parameter_list (parameter_declaration type: [
  (type_identifier) @scope
  (generic_type type: (type_identifier) @scope)
  (pointer_type [(type_identifier) @scope (generic_type type: (type_identifier) @scope)])])) name: (field_identifier) @name) @def.method
(method_elem name: (field_identifier) @name) @def.method
(type_spec name: (type_identifier) @name type: (struct_type)) @def.struct
(type_spec name: (type_identifier) @name type: (interface_type)) @def.interface
(type_spec name: (type_identifier) @name) @def.typedef
(type_alias name: (type_identifier) @name) @def.typedef
(source_file (const_declaration (const_spec name: (identifier) @name) @def.constant))

(call_expression function: (_) @call)
(call_expression function: (type_instantiation_expression type: (_) @call))
(call_expression function: (index_expression operand: (_) @call))
(type_conversion_expression type: (generic_type type: (_) @call))
(field_declaration_list (field_declaration !name type: (_) @base))
(interface_type (type_elem . [(type_identifier) (qualified_type)] @base .))
(qualified_type) @type
(type_identifier) @type
(import_spec path: (_) @import)

(argument_list [(identifier) (selector_expression)] @value)
(short_var_declaration right: (expression_list [(identifier) (selector_expression)] @value))
(assignment_statement right: (expression_list [(identifier) (selector_expression)] @value))
(var_spec value: (expression_list [(identifier) (selector_expression)] @value))
(return_statement (expression_list [(identifier) (selector_expression)] @value))
(keyed_element value: (literal_element [(identifier) (selector_expression)] @value))
(literal_value (literal_element [(identifier) (selector_expression)] @value))
(send_statement value: [(identifier) (selector_expression)] @value)

(parameter_declaration name: (identifier) @bind.local)
(parameter_declaration name: (identifier) @bind.local type: [(type_identifier) @bind.type (pointer_type (type_identifier) @bind.type)])
(variadic_parameter_declaration name: (identifier) @bind.local)
(field_declaration name: (field_identifier) @bind.field)
(short_var_declaration left: (expression_list (identifier) @bind))
(var_spec name: (identifier) @bind)
(const_spec name: (identifier) @bind)
(range_clause left: (expression_list (identifier) @bind))
(receive_statement left: (expression_list (identifier) @bind))
(type_switch_statement alias: (expression_list (identifier) @bind))
