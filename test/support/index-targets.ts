/**
 * Lines of apt.conf that make apt fetch the indices of a full desktop: apt-file's Contents, AppStream's catalogue and
 * icons (50appstream), Ubuntu's command-not-found. apt fails the whole suite if one of these is listed but missing.
 */
export const desktopIndexTargets = `Acquire::IndexTargets {
  deb::Contents-deb {
    MetaKey "$(COMPONENT)/Contents-$(ARCHITECTURE)";
    ShortDescription "Contents-$(ARCHITECTURE)";
    Description "$(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Contents (deb)";
    KeepCompressed "true";
    Optional "no";
  };
  deb::DEP-11 {
    MetaKey "$(COMPONENT)/dep11/Components-$(NATIVE_ARCHITECTURE).yml";
    ShortDescription "Components-$(NATIVE_ARCHITECTURE)";
    Description "$(RELEASE)/$(COMPONENT) $(NATIVE_ARCHITECTURE) DEP-11 Metadata";
    KeepCompressed "true";
  };
  deb::DEP-11-icons-small {
    MetaKey "$(COMPONENT)/dep11/icons-48x48.tar";
    ShortDescription "icons-48x48";
    Description "$(RELEASE)/$(COMPONENT) DEP-11 48x48 Icons";
    KeepCompressed "true";
  };
  deb::DEP-11-icons-small-hidpi {
    MetaKey "$(COMPONENT)/dep11/icons-48x48@2.tar";
    ShortDescription "icons-48x48@2";
    Description "$(RELEASE)/$(COMPONENT) DEP-11 48x48@2 Icons";
    KeepCompressed "true";
  };
  deb::DEP-11-icons {
    MetaKey "$(COMPONENT)/dep11/icons-64x64.tar";
    ShortDescription "icons-64x64";
    Description "$(RELEASE)/$(COMPONENT) DEP-11 64x64 Icons";
    KeepCompressed "true";
  };
  deb::CNF {
    MetaKey "$(COMPONENT)/cnf/Commands-$(NATIVE_ARCHITECTURE)";
    ShortDescription "Commands-$(NATIVE_ARCHITECTURE)";
    Description "$(RELEASE)/$(COMPONENT) $(NATIVE_ARCHITECTURE) c-n-f Metadata";
  };
};`;
