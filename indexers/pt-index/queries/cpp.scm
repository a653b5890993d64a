(function_definition declarator: [
  (function_declarator declarator: (_) @name)
  (pointer_declarator declarator: (function_declarator declarator: (_) @name))
  (reference_declarator (function_declarator declarator: (_) @name))]) @def.function
(function_definition declarator: [(operator_cast) (qualified_identifier name: [(operator_cast) (qualified_identifier name: (operator_cast))])] @name) @def.function
(field_declaration declarator: [
  (function_declarator declarator: (field_identifier) @name)
  (pointer_declarator declarator: (function_declarator declarator: (field_identifier) @name))
  (reference_declarator (function_declarator declarator: (field_identifier) @name))] default_value: (number_literal)) @def.method
(preproc_function_def name: (identifier) @name) @def.macro
(preproc_def name: (identifier) @name value: (_)) @def.constant
(class_specifier name: (_) @name body: (_)) @def.class
(struct_specifier name: (_) @name body: (_)) @def.struct
(union_specifier name: (_) @name body: (_)) @def.union
(enum_specifier name: (_) @name body: (_)) @def.enum
(type_definition declarator: (type_identifier) @name) @def.typedef
(type_definition declarator: [
  (pointer_declarator declarator: (type_identifier) @name)
  (array_declarator declarator: (type_identifier) @name)
  (function_declarator declarator: (type_identifier) @name)
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))]) @def.typedef
(type_definition type: (struct_specifier body: (_)) declarator: (type_identifier) @name) @def.struct
(type_definition type: (union_specifier body: (_)) declarator: (type_identifier) @name) @def.union
(type_definition type: (enum_specifier body: (_)) declarator: (type_identifier) @name) @def.enum
(alias_declaration name: (type_identifier) @name) @def.typedef
(concept_definition name: (identifier) @name) @def.interface
(namespace_definition name: (_) @name) @def.namespace

(call_expression function: (_) @call)
(new_expression type: (_) @call)
(base_class_clause [(type_identifier) (qualified_identifier) (template_type)] @base)
(type_identifier) @type
(identifier) @constant
(preproc_include path: (_) @import)
(using_declaration (qualified_identifier) @import)
(template_declaration (function_definition declarator: [
  (function_declarator declarator: (_) @name)
  (pointer_declarator declarator: (function_declarator declarator: (_) @name))
  (reference_declarator (function_declarator declarator: (_) @name))])) @def.function
(template_declaration (class_specifier name: (_) @name body: (_))) @def.class
(template_declaration (struct_specifier name: (_) @name body: (_))) @def.struct
(field_declaration_list (access_specifier) @section)
(enumerator name: (identifier) @nothing)
(preproc_def name: (identifier) @nothing !value)
(preproc_ifdef name: (identifier) @nothing)

(parameter_declaration type: (_) @bind.type declarator: [
  (identifier) @bind
  (pointer_declarator declarator: (identifier) @bind)
  (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @bind))
  (reference_declarator (identifier) @bind)])
(parameter_declaration type: (_) @bind.list declarator: (array_declarator declarator: (identifier) @bind))
(optional_parameter_declaration type: (_) @bind.type declarator: [
  (identifier) @bind
  (pointer_declarator declarator: (identifier) @bind)
  (reference_declarator (identifier) @bind)])
(declaration type: (_) @bind.type declarator: [
  (identifier) @bind
  (pointer_declarator declarator: (identifier) @bind)
  (reference_declarator (identifier) @bind)])
(declaration type: (_) @bind.type declarator: (init_declarator declarator: [
  (identifier) @bind
  (pointer_declarator declarator: (identifier) @bind)
  (reference_declarator (identifier) @bind)] value: (_) @bind.value))
(declaration type: (_) @bind.list declarator: (array_declarator declarator: (identifier) @bind))
(compound_statement (declaration type: (_) @bind.type declarator: (function_declarator declarator: (identifier) @bind)))
(for_range_loop type: (_) @bind.type declarator: [(identifier) @bind (reference_declarator (identifier) @bind) (pointer_declarator declarator: (identifier) @bind)] right: (_) @bind.value)
(field_declaration type: (_) @bind.type declarator: [
  (field_identifier) @bind.field
  (pointer_declarator declarator: (field_identifier) @bind.field)
  (reference_declarator (field_identifier) @bind.field)])
(function_definition) @block
(compound_statement) @block
(lambda_expression) @block
(for_statement) @block
(for_range_loop) @block
(if_statement) @block
(while_statement) @block
(switch_statement) @block
(catch_clause) @block
(translation_unit (declaration declarator: (function_declarator)) @block)
(declaration_list (declaration declarator: (function_declarator)) @block)
(translation_unit (declaration declarator: (pointer_declarator declarator: (function_declarator))) @block)
(declaration_list (declaration declarator: (pointer_declarator declarator: (function_declarator))) @block)
(field_declaration) @block
(declaration declarator: (init_declarator declarator: (identifier) @name value: (lambda_expression))) @def.function
(translation_unit (expression_statement (call_expression function: (identifier) @tests arguments: [(argument_list . (string_literal) @name) (argument_list . (identifier) . (string_literal) @name)])) . (compound_statement) @def.test)
(declaration_list (expression_statement (call_expression function: (identifier) @tests arguments: [(argument_list . (string_literal) @name) (argument_list . (identifier) . (string_literal) @name)])) . (compound_statement) @def.test)

(argument_list [(identifier) (qualified_identifier)] @value)
(initializer_list [(identifier) (qualified_identifier)] @value)
(initializer_pair value: [(identifier) (qualified_identifier)] @value)
(init_declarator value: [(identifier) (qualified_identifier)] @value)
(assignment_expression right: [(identifier) (qualified_identifier)] @value)
(return_statement [(identifier) (qualified_identifier)] @value)
(pointer_expression operator: "&" argument: [(identifier) (qualified_identifier)] @value)
(cast_expression value: [(identifier) (qualified_identifier)] @value)
(conditional_expression consequence: [(identifier) (qualified_identifier)] @value)
(conditional_expression alternative: [(identifier) (qualified_identifier)] @value)
(optional_parameter_declaration default_value: [(identifier) (qualified_identifier)] @value)
(field_declaration default_value: [(identifier) (qualified_identifier)] @value)
(lambda_capture_initializer right: (identifier) @value)

(variadic_declarator (identifier) @bind.local)
(pointer_declarator declarator: (identifier) @bind.local)
(array_declarator declarator: (identifier) @bind.local)
(reference_declarator (identifier) @bind.local)
(structured_binding_declarator (identifier) @bind)
(for_range_loop declarator: (identifier) @bind)
(lambda_capture_initializer left: (identifier) @bind)
(declaration declarator: [
  (identifier) @bind
  (init_declarator declarator: [
    (identifier) @bind
    (_ declarator: [(identifier) @bind (_ declarator: [(identifier) @bind (_ declarator: (identifier) @bind)])])
    (reference_declarator (identifier) @bind)])
  (pointer_declarator declarator: [(identifier) @bind (pointer_declarator declarator: (identifier) @bind) (array_declarator declarator: (identifier) @bind)])
  (array_declarator declarator: [(identifier) @bind (array_declarator declarator: (identifier) @bind)])
  (reference_declarator (identifier) @bind)
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @bind)))
  (parenthesized_declarator (identifier) @bind)])
(call_expression function: (identifier) @declares arguments: (argument_list . (identifier) @bind))
(field_declaration declarator: [
  (field_identifier) @bind.field
  (pointer_declarator declarator: (field_identifier) @bind.field)
  (array_declarator declarator: (field_identifier) @bind.field)
  (reference_declarator (field_identifier) @bind.field)
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @bind.field)))])
(enumerator name: (identifier) @bind)
