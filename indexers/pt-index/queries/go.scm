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

(package_clause (package_identifier) @package)
(import_spec path: (_) @from)
(parameter_declaration name: (identifier) @bind type: (_) @bind.type)
(variadic_parameter_declaration name: (identifier) @bind type: (_) @bind.list)
(type_parameter_declaration name: (identifier) @bind type: (_) @bind.type)
(var_spec name: (identifier) @bind type: (_)? @bind.type value: (expression_list)? @bind.value)
(short_var_declaration left: (expression_list (identifier) @bind) right: (expression_list) @bind.value)
(range_clause left: (expression_list (identifier) @bind) right: (_) @bind.value)
(receive_statement left: (expression_list (identifier) @bind) right: (_) @bind.value)
(type_switch_statement alias: (expression_list (identifier) @bind) (type_case type: (_) @bind.type))
(type_switch_statement alias: (expression_list (identifier) @bind) value: (_) @bind.value)
(field_declaration name: (field_identifier) @bind.field type: (_) @bind.type)
(field_declaration !name type: (_) @bind.field @bind.type)
(type_spec type: [(slice_type) (array_type) (map_type) (channel_type)] @bind.list)
(block) @block
(func_literal) @block
(function_declaration) @block
(method_declaration) @block
(method_elem) @block
(function_type) @block
(if_statement) @block
(for_statement) @block
(expression_switch_statement) @block
(type_switch_statement) @block
(expression_case) @block
(type_case) @block
(default_case) @block
(communication_case) @block

(argument_list [(identifier) (selector_expression)] @value)
(short_var_declaration right: (expression_list [(identifier) (selector_expression)] @value))
(assignment_statement right: (expression_list [(identifier) (selector_expression)] @value))
(var_spec value: (expression_list [(identifier) (selector_expression)] @value))
(return_statement (expression_list [(identifier) (selector_expression)] @value))
(keyed_element value: (literal_element [(identifier) (selector_expression)] @value))
(literal_value (literal_element [(identifier) (selector_expression)] @value))
(send_statement value: [(identifier) (selector_expression)] @value)

(const_spec name: (identifier) @bind)
