"""placeholder by lead until helper exchange writes it."""


def differences_of(case, content, name):
    return {}
def agreeing_answer(case):
    return None
