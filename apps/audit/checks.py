"""What `manage.py check` proves about streams."""

from django.core.checks import Error

from .anchors import streamed_models


def check_streams(app_configs, **kwargs) -> list[Error]:
    """Every streamed model names its stream, and no two name the same."""
    errors: list[Error] = []
    owner: dict[str, str] = {}
    for model in streamed_models():
        name, stream = model.__name__, model.STREAM
        if not stream or len(stream) > 20:
            errors.append(Error(f"{name}.STREAM must be a name of at most 20 characters.", id="audit.E001"))
        elif stream in owner:
            errors.append(Error(f"{name} and {owner[stream]} share the stream {stream}.", id="audit.E002"))
        owner[stream] = name
    return errors
