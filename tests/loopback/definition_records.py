"""What was submitted, as run history tells it beside the run."""

_MECHANISMS = {"mount": "Mount", "upload": "Upload", "direct": "Direct"}


def definition_record(workspace, run):
    """What was submitted, None where the bundle knows nothing of it."""
    if run.row.get("command") is None and not run.row.get("expected_outputs"):
        return None
    return {
        "script": _script(run),
        "command": run.row.get("command"),
        "useAbsolutePath": False,
        "arguments": [],
        "sourceDirectoryDataStore": None,
        "framework": "Python",
        "communicator": _communicator(run),
        "target": run.compute.get("target"),
        "dataReferences": {},
        "data": {name: _input(name, given) for name, given in (run.row.get("inputs") or {}).items()},
        "outputData": {
            output["name"]: _output(workspace, run, output)
            for output in run.row.get("expected_outputs") or []
        },
        "datacaches": [],
        "jobName": None,
        "maxRunDurationSeconds": run.row.get("timeout_s"),
        "nodeCount": run.compute.get("nodes") or 1,
        "instanceTypes": [],
        "priority": None,
        "credentialPassthrough": False,
        "identity": None,
        "environment": _environment(run),
        **_definition_rest(run),
    }


def _definition_rest(run):
    kinds = {"mpi": "mpi", "pytorch": "pyTorch", "tensorflow": "tensorflow"}
    distribution = run.row.get("distribution") or {}
    section = kinds.get(str(distribution.get("kind")).lower())
    return {
        "history": {"outputCollection": True, "directoriesToWatch": ["logs"], "enableMLflowTracking": False},
        "docker": {"useDocker": True, "sharedVolumes": True, "shmSize": "2g", "arguments": []},
        "globalJobDispatcher": {"myResourceOnly": False, "lowPriorityVMTolerant": True},
        "commandReturnCodeConfig": {"returnCode": "Zero", "successfulReturnCodes": []},
        "environmentVariables": {"AZUREML_PARAMETER_Node_Count": "1"},
        "applicationEndpoints": {},
        "parameters": [],
        "componentConfiguration": {"componentIdentifier": None},
        **({section: {"processCount": distribution.get("processes")}} if section else {}),
    }


def _environment(run):
    name = run.row.get("environment")
    if not name:
        return None
    name, _, version = name.removeprefix("azureml:").rpartition(":")
    return {"name": name, "version": version} if name else {"name": version, "version": None}


def _script(run):
    """What the old runtime was given to run; newer runs have a command only."""
    words = run.row["command"].split() if run.is_v1 and run.row.get("command") else ()
    return next((word for word in words if word.endswith(".py")), None)


def _communicator(run):
    kind = str((run.row.get("distribution") or {}).get("kind")).lower()
    return {"mpi": "IntelMpi", "pytorch": "Nccl"}.get(kind, "None")


def _output(workspace, run, output):
    path = workspace.output_uri(run, output["name"]).replace(run.id, "${{name}}")
    is_file = output.get("type") == "uri_file"
    return {
        "outputLocation": {
            "dataset": None,
            "dataPath": None,
            "uri": {"path": path, "isFile": is_file},
            "type": "UriFile" if is_file else "UriFolder",
        },
        "mechanism": _MECHANISMS.get(output.get("mode"), "Mount"),
        "additionalOptions": {
            "pathOnCompute": None,
            "registrationOptions": dict.fromkeys(
                ("name", "description", "tags", "datasetRegistrationOptions")
            ),
            "uploadOptions": None,
            "mountOptions": None,
        },
        "environmentVariableName": f"AZURE_ML_OUTPUT_{output['name']}",
    }


def _input(name, given):
    is_file = given.get("type") == "uri_file"
    return {
        "dataLocation": {
            "dataset": None,
            "dataPath": None,
            "uri": {"path": given.get("uri"), "isFile": is_file},
            "type": "UriFile" if is_file else "UriFolder",
        },
        "mechanism": _MECHANISMS.get(given.get("mode"), "Mount"),
        "environmentVariableName": f"AZURE_ML_INPUT_{name}",
        "pathOnCompute": None,
        "options": None,
    }
