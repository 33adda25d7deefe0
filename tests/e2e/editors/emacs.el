;;; emacs.el --- attach, see the finding, take the fix -*- lexical-binding: t -*-
;; emacs -q --batch -l emacs.el INIT FILE EXPECTED

(require 'package)
(package-initialize)
(require 'cl-lib)
(require 'eglot)
(require 'flymake)

(defun await (what test)
  "Let the server work until TEST, a function, returns a value; fail after a minute with WHAT."
  (let ((end (time-add nil 60)) value)
    (while (not (setq value (funcall test)))
      (when (time-less-p end nil)
        (message "gave up waiting for %s" what)
        (kill-emacs 1))
      (accept-process-output nil 0.05))
    (princ (format "%s\n" what))
    value))

(cl-destructuring-bind (init file expected) command-line-args-left
  (setq command-line-args-left nil
        eglot-sync-connect 60
        eglot-autoshutdown nil)
  (load-file init)
  (find-file file)
  (let ((before (buffer-string)))
    (apply #'eglot (eglot--guess-contact))
    (let ((finding (await "finding" (lambda () (car (flymake-diagnostics))))))
      (princ (format "%s\n" (flymake-diagnostic-text finding)))
      (goto-char (flymake-diagnostic-beg finding))
      ;; As a user who presses a key, not a mouse button, and takes what is preferred.
      (cl-letf ((last-nonmenu-event ?\r)
                ((symbol-function 'completing-read) (lambda (&rest arguments) (nth 6 arguments))))
        (call-interactively #'eglot-code-actions))
      (await "fix" (lambda () (not (string= (buffer-string) before))))
      (unless (string= (buffer-string)
                       (with-temp-buffer (insert-file-contents expected) (buffer-string)))
        (princ (buffer-string))
        (kill-emacs 1))
      (save-buffer) ; in batch mode Emacs is never idle, and tells of changes no sooner
      (await "no finding" (lambda () (null (flymake-diagnostics))))))
  (eglot-shutdown (eglot-current-server))
  (princ "server stopped\n"))
