package io.sluice.itests;

import static io.sluice.itests.PageControl.NONE;
import static io.sluice.itests.PageControl.dialog;
import static io.sluice.itests.PageControl.form;
import static io.sluice.itests.SameActions.OTHER;

import io.sluice.itests.SameActions.Change;
import java.util.List;

/** What changes disks, their moves and jobs: rows of {@link SameActions}. */
final class SameDiskActions {

    private SameDiskActions() {}

    static final List<Change> ROWS = List.of(
            new Change(
                    "POST /backstores",
                    "",
                    "backstore:create memory same --size 1M --thick",
                    "/backstores",
                    "{'name': 'same', 'type': 'memory', 'sizeBytes': 1048576, 'thin': false}",
                    "backstore:delete same",
                    NONE),
            new Change(
                    "POST /backstores",
                    "",
                    "backstore:create memory same --size 1M",
                    "/backstores",
                    "{'name': 'same', 'type': 'memory', 'sizeBytes': 1048576}",
                    "target:delete " + OTHER + " --force; backstore:delete same",
                    form(
                            "#/create",
                            "is served at",
                            "target:create " + OTHER + "; target:allow " + OTHER + " spare; lun:map " + OTHER + " same",
                            "name",
                            "same",
                            "sizeBytes",
                            "1M",
                            "type",
                            "memory",
                            "target",
                            OTHER,
                            "who",
                            "=spare")),
            new Change(
                    "POST /backstores",
                    "backstore:create file golden --path golden.img --size 1M; backstore:delete golden",
                    "backstore:create file same --path same.img --create-from golden.img",
                    "/backstores",
                    "{'name': 'same', 'type': 'file', 'createFrom': 'golden.img', 'options': {'path': 'same.img'}}",
                    "target:delete " + OTHER + " --force; backstore:delete same",
                    form(
                            "#/create",
                            "is served at",
                            "target:create " + OTHER + "; target:allow " + OTHER + " spare; lun:map " + OTHER + " same",
                            "name",
                            "same",
                            "option.path",
                            "same.img",
                            "option.createFrom",
                            "golden.img",
                            "target",
                            OTHER,
                            "who",
                            "=spare")),
            new Change(
                    "PATCH /backstores/{name}",
                    "backstore:create memory same --size 1M",
                    "backstore:resize same 2M",
                    "/backstores/same",
                    "{'sizeBytes': 2097152}",
                    "backstore:delete same",
                    dialog("#/disks/same", "Resize", "sizeBytes", "2M")),
            new Change(
                    "DELETE /backstores/{name}",
                    "backstore:create memory same --size 1M",
                    "backstore:delete same",
                    "/backstores/same",
                    "",
                    "",
                    dialog("#/disks/same", "Delete", "confirm", "same")),
            new Change(
                    "POST /backstores/{name}/layers",
                    "backstore:create memory same --size 1M",
                    "backstore:layer add same throttle iops=100",
                    "/backstores/same/layers",
                    "{'type': 'throttle', 'options': {'iops': '100'}}",
                    "backstore:delete same",
                    NONE),
            new Change(
                    "PUT /backstores/{name}/layers/{type}",
                    "backstore:create memory same --size 1M; backstore:layer add same throttle iops=100",
                    "backstore:layer set same throttle iops=200",
                    "/backstores/same/layers/throttle",
                    "{'options': {'iops': '200'}}",
                    "backstore:delete same",
                    NONE),
            new Change(
                    "DELETE /backstores/{name}/layers/{type}",
                    "backstore:create memory same --size 1M; backstore:layer add same throttle iops=100",
                    "backstore:layer remove same throttle",
                    "/backstores/same/layers/throttle",
                    "",
                    "backstore:delete same",
                    NONE),
            new Change(
                    "POST /backstores/{name}/move",
                    "backstore:create memory same --size 1M",
                    "backstore:move same memory --rate 1K",
                    "/backstores/same/move",
                    "{'type': 'memory', 'rateBytesPerSecond': 1024}",
                    "backstore:move-cancel same; backstore:delete same",
                    dialog("#/disks/same", "Move", "type", "memory", "rateBytesPerSecond", "1K")),
            new Change(
                    "PATCH /backstores/{name}/move",
                    "backstore:create memory same --size 1M; backstore:move same memory --rate 1K",
                    "backstore:move-rate same 2K",
                    "/backstores/same/move",
                    "{'rateBytesPerSecond': 2048}",
                    "backstore:move-cancel same; backstore:delete same",
                    dialog("#/disks/same", "Change the limit", "rateBytesPerSecond", "2K")),
            new Change(
                    "DELETE /backstores/{name}/move",
                    "backstore:create memory same --size 1M; backstore:move same memory --rate 1K",
                    "backstore:move-cancel same",
                    "/backstores/same/move",
                    "",
                    "backstore:delete same",
                    dialog("#/disks/same", "End the move")),
            new Change(
                    "DELETE /jobs/{id}",
                    "backstore:create memory same --size 1M; backstore:move same memory --rate 1K",
                    "gateway:job-cancel JOB",
                    "/jobs/JOB",
                    "",
                    "backstore:delete same",
                    dialog("#/jobs", "Cancel the job")),
            new Change(
                    "POST /backstores/{name}/reopen",
                    "",
                    "backstore:reopen disk0",
                    "/backstores/disk0/reopen",
                    "",
                    "",
                    dialog("#/disks/disk0", "Reopen")),
            new Change(
                    "POST /backstores/{name}/reopen-empty",
                    "",
                    "backstore:reopen spare --empty",
                    "/backstores/spare/reopen-empty",
                    "",
                    "",
                    NONE),
            new Change(
                    "POST /backstores/{name}/takeover",
                    "",
                    "backstore:takeover disk0",
                    "/backstores/disk0/takeover",
                    "",
                    "",
                    NONE),
            new Change(
                    "POST /backstores/{name}/takeover-forced",
                    "",
                    "backstore:takeover disk0 --force",
                    "/backstores/disk0/takeover-forced",
                    "",
                    "",
                    NONE));
}
