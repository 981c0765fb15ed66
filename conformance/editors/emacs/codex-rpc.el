;;; codex-rpc.el --- Ask the ChatGPT Codex backend  -*- lexical-binding: t -*-
;; Package-Requires: ((emacs "28.1"))

;;; Commentary:

;; Install: put codex-rpc on the PATH, copy this file to a directory of
;; `load-path', add to your init file
;;
;;   (require 'codex-rpc)
;;   (global-set-key (kbd "C-c a") #'codex-rpc-ask)
;;   (global-set-key (kbd "C-c k") #'codex-rpc-cancel)
;;
;; and sign in with M-x codex-rpc-sign-in.  M-x codex-rpc-draw saves a
;; picture, M-x customize-group RET codex-rpc has the settings.
;; Without an account, set CODEX_RPC_MOCK=1 in the environment.

;;; Code:

(require 'jsonrpc)
(require 'map)

(defgroup codex-rpc nil "The ChatGPT Codex backend." :group 'tools)

(defcustom codex-rpc-command '("codex-rpc")
  "The program and its arguments."
  :type '(repeat string))

(defcustom codex-rpc-model nil
  "The model, or nil for the default of the program."
  :type '(choice (const :tag "Default" nil) string))

(defcustom codex-rpc-log-file nil
  "The file for the program's log, or nil for none."
  :type '(choice (const :tag "None" nil) file))

(defclass codex-rpc-connection (jsonrpc-process-connection)
  ((latest :documentation "Id of the latest request, which Emacs 28 does not return."))
  "A connection to the program.")

(cl-defmethod jsonrpc-connection-send :before ((host codex-rpc-connection) &key id &allow-other-keys)
  "Store the ID of a request to HOST."
  (when id (setf (slot-value host 'latest) id)))

(defvar codex-rpc--connection nil "The connection to the program, while it runs.")
(defvar codex-rpc--calls nil "By request id: the function that takes events.")

(defun codex-rpc--message (format &rest args)
  "Show FORMAT with ARGS."
  (message "codex-rpc: %s" (apply #'format format args)))

(defun codex-rpc--notified (_connection _method params)
  "Pass on the event in PARAMS."
  (when-let ((take (alist-get (plist-get params :id) codex-rpc--calls)))
    (funcall take (plist-get params :event))))

(defun codex-rpc--ended (connection)
  "Report that the program of CONNECTION has ended, unless it was stopped."
  (let ((code (process-exit-status (jsonrpc--process connection))))
    (when (or codex-rpc--calls (/= code 0))
      (codex-rpc--message "the program ended with exit code %d%s" code
                          (if codex-rpc--calls ", in the middle of an answer" ""))))
  (setq codex-rpc--connection nil codex-rpc--calls nil))

(defun codex-rpc--log (_process text)
  "Append TEXT to the log."
  (when codex-rpc-log-file
    (write-region text nil codex-rpc-log-file t 'silent)))

(defun codex-rpc--start ()
  "Start the program."
  (unless (executable-find (car codex-rpc-command))
    (user-error "%s was not found; put it on the PATH, or customize `codex-rpc-command'" (car codex-rpc-command)))
  (make-instance
   'codex-rpc-connection :name "codex-rpc" :notification-dispatcher #'codex-rpc--notified
   :on-shutdown #'codex-rpc--ended
   :process (lambda ()
              (make-process :name "codex-rpc" :command codex-rpc-command
                            :connection-type 'pipe :coding 'utf-8-emacs-unix :noquery t
                            :stderr (make-pipe-process :name "codex-rpc stderr" :noquery t
                                                       :filter #'codex-rpc--log :sentinel #'ignore)))))

(defun codex-rpc--request (method params on-event on-result)
  "Call METHOD with PARAMS; ON-EVENT receives its events, ON-RESULT its result."
  (unless codex-rpc--connection (setq codex-rpc--connection (codex-rpc--start)))
  (let (id)
    (jsonrpc-async-request
     codex-rpc--connection method params :timeout nil
     :success-fn (lambda (result)
                   (setf (alist-get id codex-rpc--calls nil t) nil)
                   (funcall on-result result))
     :error-fn (lambda (err)
                 (let ((code (plist-get err :code)))
                   (unless (eql code -1) ; the program has ended, which is reported there
                     (setf (alist-get id codex-rpc--calls nil t) nil)
                     (codex-rpc--message "%s%s" (if (eql code -32800) "stopped" (plist-get err :message))
                                         (if (eql code 401) " (M-x codex-rpc-sign-in)" ""))))))
    (setq id (slot-value codex-rpc--connection 'latest))
    (push (cons id on-event) codex-rpc--calls)))

(defun codex-rpc--region ()
  "Return the bounds of the region, or else of the current line."
  (if (use-region-p) (list (region-beginning) (region-end))
    (list (line-beginning-position) (line-end-position))))

(defun codex-rpc--insert (place text)
  "Insert TEXT at PLACE, a cons of a marker and the tick after the last insertion.
Consecutive insertions are undone together."
  (when-let ((buffer (marker-buffer (car place))))
    (with-current-buffer buffer
      (when (eql (buffer-chars-modified-tick) (cdr place))
        (while (and (consp buffer-undo-list) (null (car buffer-undo-list)))
          (pop buffer-undo-list)))
      (save-excursion
        (goto-char (car place))
        (insert text))
      (setcdr place (buffer-chars-modified-tick)))))

(defun codex-rpc-ask (begin end)
  "Ask with the text from BEGIN to END: the region, or else the current line.
The answer streams in below it, and is undone in one step."
  (interactive (codex-rpc--region))
  (barf-if-buffer-read-only)
  (let ((place (list nil))
        (input (buffer-substring-no-properties begin end)))
    (codex-rpc--request
     'responses.create
     `(:input ,input :stream t ,@(when codex-rpc-model `(:model ,codex-rpc-model)))
     (lambda (event)
       (when (equal (plist-get event :type) "response.output_text.delta")
         (codex-rpc--insert place (plist-get event :delta))))
     #'ignore)
    (undo-boundary)
    (save-excursion
      (goto-char end)
      (if (bolp) (open-line 1) (insert "\n"))
      (setcar place (copy-marker (point) t))
      (setcdr place (buffer-chars-modified-tick)))))

(defun codex-rpc-cancel ()
  "Stop all answers; the text received so far stays."
  (interactive)
  (dolist (call codex-rpc--calls)
    (jsonrpc-notify codex-rpc--connection '$/cancelRequest `(:id ,(car call)))))

(defun codex-rpc-draw (begin end file)
  "Draw the description from BEGIN to END, and save the picture as FILE."
  (interactive `(,@(codex-rpc--region) ,(read-file-name "Save the picture as: ")))
  (codex-rpc--request
   'images.generate `(:prompt ,(buffer-substring-no-properties begin end)) #'ignore
   (lambda (images)
     (let ((coding-system-for-write 'no-conversion))
       (write-region (base64-decode-string (map-nested-elt images '(:data 0 :b64_json))) nil file nil 'silent))
     (codex-rpc--message "saved %s" file))))

(defun codex-rpc-sign-in (with-code)
  "Sign in with the browser, or with a prefix argument (WITH-CODE) with a code."
  (interactive "P")
  (codex-rpc--request
   'authenticate `(:method ,(if with-code "device_code" "browser") :force t)
   (lambda (event)
     (pcase (plist-get event :type)
       ("auth.url" (codex-rpc--message "continue in the browser at %s" (plist-get event :url)))
       ("auth.device_code" (codex-rpc--message "enter the code %s at %s" (plist-get event :user_code)
                                               (plist-get event :verification_url)))))
   (lambda (account) (codex-rpc--message "signed in as %s" (plist-get account :email)))))

(defun codex-rpc-stop ()
  "Stop the program, and wait up to five seconds for its exit."
  (interactive)
  (when codex-rpc--connection
    (codex-rpc-cancel)
    (ignore-errors ; nothing keeps Emacs from its end
      (jsonrpc-request codex-rpc--connection 'shutdown nil :timeout 5)
      (jsonrpc-notify codex-rpc--connection 'exit nil)
      (with-timeout (5)
        (while codex-rpc--connection (accept-process-output nil 0.01))))))

(add-hook 'kill-emacs-hook #'codex-rpc-stop)

(provide 'codex-rpc)
;;; codex-rpc.el ends here
