package io.sluice.shell;

import io.sluice.config.BackstoreConfig;
import io.sluice.management.Gateway;
import io.sluice.management.MoveStatus;
import io.sluice.shell.output.Listing;
import io.sluice.shell.output.Units;
import picocli.CommandLine.Command;

/** {@code backstore:moves}. */
@Command(
        name = "backstore:moves",
        description = "Lists moves of backstores, and how far they are",
        footer = "backstore:moves")
final class BackstoreMovesCommand extends ListingCommand {

    private static final int PERCENT = 100;

    @Override
    Listing list() {
        Listing listing = Listing.list("No backstore is being moved: backstore:move begins to.");
        for (MoveStatus move : gateway().moves()) {
            int percent = (int) (move.progress() * PERCENT);
            listing.add()
                    .put("name", "Name", move.name())
                    .put("state", "State", move.state().label())
                    .put("progressPercent", "Progress", percent, percent + " %")
                    .json("pass", move.pass())
                    .json("copiedBytes", move.copiedBytes())
                    .put("dirtyBytes", "Left", move.dirtyBytes(), Units.bytes(move.dirtyBytes()))
                    .json("differences", move.differences())
                    .put("rateBytesPerSecond", "Rate", move.bytesPerSecond(), rate(move.bytesPerSecond()))
                    .json("from", place(move.from()))
                    .put("to", "To", place(move.to()))
                    .json("problem", move.problem().isEmpty() ? null : move.problem());
        }
        return listing;
    }

    private static String rate(long bytesPerSecond) {
        return bytesPerSecond == 0 ? "no limit" : Units.bytes(bytesPerSecond) + "/s";
    }

    /** Returns how far a backstore is, for people; null if it has not been moved. */
    static String text(Gateway gateway, String name) {
        for (MoveStatus move : gateway.moves()) {
            if (move.name().equals(name)) {
                String far = move.state().over() ? "" : " " + (int) (move.progress() * PERCENT) + " %";
                return move.state().label() + far + ", from " + place(move.from()) + " to " + place(move.to())
                        + (move.problem().isEmpty() ? "" : ": " + move.problem());
            }
        }
        return null;
    }

    private static String place(BackstoreConfig config) {
        String path = config.options().get("path");
        return path == null ? config.type() : config.type() + " " + path;
    }
}
