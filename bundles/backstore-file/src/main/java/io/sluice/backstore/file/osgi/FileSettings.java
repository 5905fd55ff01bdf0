package io.sluice.backstore.file.osgi;

import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings in {@code etc/io.sluice.backstore.file.cfg}; they count for what is made or opened from then on. */
@ObjectClassDefinition(name = "Sluice file backstores")
public @interface FileSettings {

    /** Returns folders besides the volumes folder that files may be in: absolute paths, separated by commas. */
    String roots() default "";

    /** Returns patterns of block devices that may be used, such as {@code /dev/vg0/*}, separated by commas. */
    String devices() default "";

    /** Returns how far to read ahead of initiators that read one block after the other, in MiB; 0 for never. A text, so that a wrong one costs nothing else. */
    String readAheadMiB() default "";
}
