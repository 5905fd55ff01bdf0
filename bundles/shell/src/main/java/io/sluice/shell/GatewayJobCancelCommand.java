package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gateway:job-cancel}. */
@Command(
        name = "gateway:job-cancel",
        description = "Cancels a job, if that leaves nothing half done",
        footer = "gateway:job-cancel 7e3f-1")
final class GatewayJobCancelCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "JOB", description = "Id of the job")
    @Completes(Kind.JOB)
    private String id;

    @Override
    void run() throws ConfigException {
        gateway().jobs().cancel(id);
        print("Cancelled job " + id + ".");
    }
}
