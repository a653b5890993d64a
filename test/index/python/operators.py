def check_operator_in_name():
    pass


def gis_operators():
    check_operator_in_name()
