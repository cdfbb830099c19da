"""Azure Resource Manager: the workspace, its jobs, datastores and source snapshots."""

from . import errors, paging, times
from .answers import answer
from .job_records import job_record
from .workspace import BLOB_STORE, SERVICE, TENANT, identifier


def workspaces(world, request, listed, group_listed):
    """`GET` the workspaces of a subscription, or of one of its groups."""
    known = [each for each in world.workspaces.values() if each.subscription_id.lower() == listed.lower()]
    if group_listed:
        known = [each for each in known if each.resource_group.lower() == group_listed.lower()]
    part, marker = paging.page(known, request.query.get("$skipToken"), world.page_sizes["workspaces"])
    told = {"value": [_workspace(each) for each in part]}
    return answer(told | ({"nextLink": paging.link(request, "$skipToken", marker)} if marker else {}))


def workspace(world, request):
    """`GET` the workspace."""
    return answer(_workspace(request.workspace))


def _workspace(known):
    group = known.scope.partition("/providers/")[0] + "/providers"
    made = {"By": SERVICE, "ByType": "Application", "At": "2023-02-09T01:53:50.8086974Z"}
    return {
        "id": known.scope,
        "name": known.name,
        "type": "Microsoft.MachineLearningServices/workspaces",
        "location": known.region,
        "tags": {},
        "etag": None,
        "properties": _workspace_properties(known, group),
        "identity": {"type": "SystemAssigned", "principalId": SERVICE, "tenantId": TENANT},
        "kind": "Default",
        "sku": {"name": "Basic", "tier": "Basic"},
        "systemData": {
            f"{verb}{what}": value for verb in ("created", "lastModified") for what, value in made.items()
        },
    }


def _workspace_properties(known, group):
    short = known.workspace_id[:8]
    return {
        "friendlyName": known.name,
        "description": "",
        "storageAccount": f"{group}/Microsoft.Storage/storageAccounts/{known.account}",
        "keyVault": f"{group}/Microsoft.Keyvault/vaults/kv{short}",
        "applicationInsights": f"{group}/Microsoft.insights/components/ai{short}",
        "hbiWorkspace": False,
        "tenantId": TENANT,
        "imageBuildCompute": None,
        "provisioningState": "Succeeded",
        "v1LegacyMode": False,
        "softDeleteEnabled": False,
        "containerRegistry": f"{group}/Microsoft.ContainerRegistry/registries/cr{short}",
        "notebookInfo": {
            "resourceId": identifier(known.name, "notebooks"),
            "fqdn": f"ml-{short}.{known.region}.notebooks.azure.net",
            "isPrivateLinkEnabled": False,
            "notebookPreparationError": None,
        },
        "storageHnsEnabled": False,
        "workspaceId": known.workspace_id,
        "linkedModelInventoryArmId": None,
        "privateLinkCount": 0,
        "publicNetworkAccess": "Enabled",
        "discoveryUrl": f"https://{known.host}/discovery",
        "mlFlowTrackingUri": f"azureml://{known.host}/mlflow/v1.0{known.scope}",
        "sdkTelemetryAppInsightsKey": identifier(known.name, "telemetry"),
        "sasGetterUri": "",
        "enableDataIsolation": False,
    }


def job(world, request, run_id):
    """`GET jobs/{id}`."""
    found = request.workspace.runs.get(run_id)
    if found is None or found.is_v1:
        return _job_not_found(request, run_id)
    return answer(job_record(request.workspace, found))


def jobs(world, request):
    """`GET jobs`: the newest first, children left out."""
    workspace = request.workspace
    part, marker = paging.page(workspace.index.tops, request.query.get("$skip"), world.page_sizes["jobs"])
    told = {"value": [job_record(workspace, run) for run in part]}
    return answer(told | ({"nextLink": paging.link(request, "$skip", marker)} if marker else {}))


def datastores(world, request):
    """`GET datastores`."""
    records = [_datastore(request.workspace, name) for name in request.workspace.containers]
    if request.query.get("isDefault", "").lower() == "true":
        records = [record for record in records if record["properties"]["isDefault"]]
    size = paging.asked(request.query.get("count"), world.page_sizes["datastores"])
    part, marker = paging.page(records, request.query.get("$skip"), size)
    return answer({"value": part} | ({"nextLink": paging.link(request, "$skip", marker)} if marker else {}))


def datastore(world, request, name):
    """`GET datastores/{name}`."""
    if name not in request.workspace.containers:
        message = f"DataStore {name} was not found."
        return errors.arm_service(request, 404, message, ("NotFound", "DataStoreNotFound"), ("name", name))
    return answer(_datastore(request.workspace, name))


def secrets(world, request, name):
    """`POST datastores/{name}/listSecrets`: the log shows who asked."""
    return answer({"secretsType": "AccountKey", "key": request.workspace.account_key})


def code(world, request, name, version):
    """`GET codes/{name}/versions/{version}`."""
    workspace = request.workspace
    run = workspace.index.codes.get(name)
    if run and run.code and version == "1":
        return answer(_code(workspace, run))
    return errors.arm_service(
        request, 404, f"Code {name} not found.", ("NotFound", "CodeNotFound"), ("name", name)
    )


def _datastore(workspace, name):
    made = {"At": "2023-04-08T02:53:06.5886442+00:00", "By": SERVICE, "ByType": "Application"}
    return {
        "id": f"{workspace.scope}/datastores/{name}",
        "name": name,
        "type": "Microsoft.MachineLearningServices/workspaces/datastores",
        "properties": {
            "description": None,
            "tags": None,
            "properties": None,
            "isDefault": name == BLOB_STORE,
            "credentials": {"credentialsType": "AccountKey"},
            "intellectualProperty": None,
            "subscriptionId": workspace.subscription_id,
            "resourceGroup": workspace.resource_group,
            "datastoreType": "AzureBlob",
            "accountName": workspace.account,
            "containerName": workspace.containers[name],
            "endpoint": "core.windows.net",
            "protocol": "https",
            "serviceDataAccessAuthIdentity": "WorkspaceSystemAssignedIdentity",
        },
        "systemData": {
            f"{verb}{what}": value for verb in ("created", "lastModified") for what, value in made.items()
        },
    }


def _code(workspace, run):
    address = f"https://{workspace.blob_host}/{workspace.containers[BLOB_STORE]}/{workspace.code_prefix(run)}"
    name, made = workspace.code_name(run), times.history(run.created_at)
    return {
        "id": f"{workspace.scope}/codes/{name}/versions/1",
        "name": "1",
        "type": "Microsoft.MachineLearningServices/workspaces/codes/versions",
        "properties": {
            "description": None,
            "tags": {},
            "properties": {"hash_sha256": identifier(name).replace("-", ""), "hash_version": "202208"},
            "isArchived": False,
            "isAnonymous": False,
            "codeUri": address,
            "provisioningState": "Succeeded",
        },
        "systemData": {
            "createdAt": made,
            "createdBy": "loopback",
            "createdByType": "User",
            "lastModifiedAt": made,
            "lastModifiedBy": "loopback",
            "lastModifiedByType": "User",
        },
    }


def _job_not_found(request, run_id):
    return errors.arm_service(
        request, 404, f"Job {run_id} not found.", ("NotFound", "JobNotFound"), ("jobId", run_id)
    )
